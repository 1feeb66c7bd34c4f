/*
 * train/net/plan.c - divides a batch into shards, and caches the plans of several batch sizes.
 */
#include "train/net/plan.h"

#include <inttypes.h>
#include <string.h>

#include <lade/gen.h>

#include "base/monitor.h"

#define SAMPLES_ALONE  8                   /* for fewer samples, another thread costs more time than it saves */
#define PLAN_STACK     ((size_t)1 << 20)   /* bytes of the stack on which plans are made */
#define GRADIENT_LIMIT ((size_t)256 << 20) /* limit for the gradients of all replicas together, in bytes */

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

/* A part of the activations may remain unused, for example the part for uint8 samples that are converted to floats.
   Nothing writes to the pages of an unused part, so these pages take no physical memory. */
bool lade__replica_reserve(struct lade__replica *r, size_t activation_floats, size_t gradient_floats) {
    if (gradient_floats && !r->gradients) {
        r->gradients = lade_alloc_aligned(gradient_floats * sizeof(float));
        if (!r->gradients)
            return false;
        memset(r->gradients, 0, gradient_floats * sizeof(float)); /* the padding between parameters stays 0 */
    }
    if (activation_floats <= r->activation_floats)
        return true;
    lade_free_aligned(r->activations);
    r->activations = lade_alloc_aligned(activation_floats * sizeof(float));
    r->activation_floats = r->activations ? activation_floats : 0;
    return r->activations != NULL;
}

void lade__replica_release(struct lade__replica *r) {
    lade__engine_free(r->engine);
    lade_free_aligned(r->gradients);
    lade_free_aligned(r->activations);
}

/* ---- A plan ------------------------------------------------------------------------------------------------------ */

/* Each shard needs its own gradients. If all gradients together would be too large, there is only one shard, and
   all threads work inside the kernels of this shard. */
static int count_shards(const struct lade__plan_config *c, int64_t n) {
    int64_t shards = n / SAMPLES_ALONE < 1 ? 1 : n / SAMPLES_ALONE;
    if (shards > c->threads)
        shards = c->threads;
    return c->spec->block_floats * sizeof(float) * (size_t)shards > GRADIENT_LIMIT ? 1 : (int)shards;
}

static int threads_of_kernels(const struct lade__plan_config *c, int64_t n, int shards) {
    /* After fork(), kernels use one thread, because GNU OpenMP would wait for threads that exist only in the parent. */
    return shards == 1 && n >= 2 * SAMPLES_ALONE && !lade__forks() ? c->threads : 1;
}

static void plan_free(struct lade__plan *p) {
    if (!p)
        return;
    for (int i = 0; i < p->count; i++)
        lade__batch_shard_release(&p->shards[i]);
    lade_free(p->norms);
    lade_free(p->shards);
    lade_free(p);
}

struct making {
    const struct lade__plan_config *config;
    struct lade__replica *replicas;
    struct lade__plan *plan;
    struct lade_error *err;
    int status;
};

static void make_shards(void *ctx) {
    struct making *m = ctx;
    struct lade__plan *p = m->plan;
    m->status = LADE_OK;
    for (int i = 0; i < p->count && m->status == LADE_OK; i++) {
        struct lade__replica *r = &m->replicas[i];
        if (!r->engine)
            m->status = lade__engine_new(&r->engine, m->err);
        if (m->status < 0)
            break;
        lade__engine_set_threads(r->engine, threads_of_kernels(m->config, p->n, p->count));
        m->status = lade__batch_shard_init(&p->shards[i], m->config, p->training, r->engine, m->err);
    }
}

static int no_memory(int64_t n, struct lade_error *err) {
    return lade_error_set(err, LADE_ENOMEM, "net: no memory for a batch of %" PRId64 " samples; make the batch smaller",
                          n);
}

/* Makes a plan on a larger stack, because lade_fit() is a generator and its stack may be too small for oneDNN. */
static int plan_new(const struct lade__plan_config *config, struct lade__replica *replicas, int64_t n, bool training,
                    struct lade__plan **out, struct lade_error *err) {
    int count = count_shards(config, n);
    struct lade__plan *p = lade_calloc(1, sizeof *p);
    if (!p || !(p->shards = lade_calloc((size_t)count, sizeof *p->shards)) ||
        !(p->norms = lade_calloc((size_t)count, sizeof *p->norms))) {
        plan_free(p);
        return no_memory(n, err);
    }
    p->n = n;
    p->training = training;
    p->count = count;
    for (int i = 0; i < count; i++) {
        int64_t first = n * i / count;
        p->shards[i].first = first;
        p->shards[i].n = n * (i + 1) / count - first;
    }
    struct making making = {.config = config, .replicas = replicas, .plan = p, .err = err};
    int status = lade_call_with_stack(PLAN_STACK, make_shards, &making, err);
    if (status == LADE_OK)
        status = making.status;
    if (status < 0) {
        plan_free(p);
        return status;
    }
    *out = p;
    return LADE_OK;
}

/* ---- The cache --------------------------------------------------------------------------------------------------- */

static bool is_for(const struct lade__plan *p, int64_t n, bool training) {
    return p && p->n == n && p->training == training;
}

/* Returns the entry of the plan for @n samples and @training. If there is no such plan, returns an empty entry, or the
   entry whose plan was not used for the longest time. */
static struct lade__plan **find(struct lade__plan_cache *c, int64_t n, bool training) {
    struct lade__plan **oldest = &c->plans[0];
    for (int i = 0; i < LADE__PLANS; i++) {
        struct lade__plan *p = c->plans[i];
        if (is_for(p, n, training))
            return &c->plans[i];
        if (*oldest && (!p || p->last_use < (*oldest)->last_use))
            oldest = &c->plans[i];
    }
    return oldest;
}

int lade__plan_cache_get(struct lade__plan_cache *c, const struct lade__plan_config *config,
                         struct lade__replica *replicas, int64_t n, bool training, struct lade__plan **out,
                         struct lade_error *err) {
    if (n > INT32_MAX)
        return lade_error_set(err, LADE_ELIMIT, "net: the batch has %" PRId64 " samples; at most 2^31 - 1 are allowed",
                              n);
    struct lade__plan **place = find(c, n, training), *p = *place;
    if (!is_for(p, n, training)) {
        int status = plan_new(config, replicas, n, training, &p, err);
        if (status < 0)
            return status;
        plan_free(*place);
        *place = p;
    }
    p->last_use = ++c->uses;
    for (int i = 0; i < p->count; i++)
        if (!lade__replica_reserve(&replicas[i], p->shards[i].floats, training ? config->spec->trainable_floats : 0))
            return no_memory(n, err);
    *out = p;
    return LADE_OK;
}

void lade__plan_cache_release(struct lade__plan_cache *c) {
    for (int i = 0; i < LADE__PLANS; i++)
        plan_free(c->plans[i]);
}

/*
 * Makes and frees a flow. Options are checked before the source is opened, and files are listed before memory for
 * batches is allocated. The threads start when the first batch is requested. After fork(), the threads do not exist in
 * the child process. The child starts its own threads when it requests its first batch.
 */
#include <string.h>

#include "base/sys.h"
#include "flow/flow_impl.h"
#include "flow/option/options.h"
#include "flow/order/split.h"
#include "flow/pipeline/memory_plan.h"

/* ---- Making ------------------------------------------------------------------------------------------------------ */

static int check_classes(const lade_flow *flow, struct lade_error *err) {
    const struct lade_flow_options *o = &flow->options;
    const struct lade__samples *s = &flow->samples;
    const char *mode = lade_class_mode_name(o->class_mode);

    if (lade__labels_are_classes(o->class_mode) && !s->class_count)
        return lade_error_set_subject(err, LADE_EINVAL, "class_mode",
                                      "class_mode is %s, but %s has no classes: use raw, none or input", mode,
                                      s->source);
    if (o->class_mode == LADE_CLASS_RAW && !s->values)
        return lade_error_set_subject(
            err, LADE_EINVAL, "class_mode",
            "class_mode is raw, but %s has no numeric labels: use categorical, sparse or none", s->source);
    if (o->class_mode == LADE_CLASS_BINARY && s->class_count != 2)
        return lade_error_set_subject(err, LADE_EINVAL, "class_mode",
                                      "class_mode is binary, but %s has %d classes: use categorical or sparse, or list "
                                      "two classes in `classes`",
                                      s->source, s->class_count);
    if (s->tag_first && o->class_mode != LADE_CLASS_CATEGORICAL)
        return lade_error_set_subject(err, LADE_EINVAL, "class_mode",
                                      "class_mode is %s, but a sample of %s can have several classes: use categorical",
                                      mode, s->source);
    if (s->count == 0)
        return lade_error_set_subject(
            err, LADE_EINVAL, "validation_split",
            "validation_split is %g: the classes of %s have too few images, so the subset %s is empty",
            o->validation_split, s->source, lade_subset_name(o->subset));
    return LADE_OK;
}

static int choose_samples(lade_flow *flow, struct lade_error *err) {
    const struct lade_flow_options *o = &flow->options;
    struct lade__samples *s = &flow->samples;

    s->count = s->rows;
    if (lade__split_apply(s, o->split, o->subset, o->validation_split, o->seed) < 0)
        return lade_error_set(err, LADE_ENOMEM, "%s: no memory to split %lld samples", s->source, (long long)s->rows);
    int status = lade__samples_sort_by_class(s, err);
    return status == LADE_OK ? check_classes(flow, err) : status;
}

static int set_sampler(lade_flow *flow, struct lade_error *err) {
    struct lade_flow_options *o = &flow->options;
    size_t bytes = (size_t)flow->samples.class_count * sizeof *flow->class_weights;

    flow->sampler = (struct lade__sampler){.samples = flow->samples.count,
                                           .batch_size = o->batch_size,
                                           .rank = o->rank,
                                           .world = o->world,
                                           .drop_last = o->drop_last,
                                           .order = o->order,
                                           .seed = o->seed,
                                           .balance = &flow->balance,
                                           .weighted = &flow->weighted};
    if (o->order == LADE_ORDER_WEIGHTED)
        return lade__weighted_init(&flow->weighted, &flow->samples, err);
    if (!lade__sampler_steps(&flow->sampler))
        return lade_error_set_subject(err, LADE_EINVAL, "drop_last",
                                      "drop_last is true, but %s has fewer samples (%lld) than batch_size (%lld)",
                                      flow->samples.source, (long long)flow->samples.count, (long long)o->batch_size);
    if (o->order != LADE_ORDER_BALANCED)
        return LADE_OK;
    if (o->class_weights_count && o->class_weights_count != flow->samples.class_count)
        return lade_error_set_subject(err, LADE_EINVAL, "class_weights",
                                      "class_weights has %d numbers, but there are %d classes: give one number for "
                                      "each class",
                                      o->class_weights_count, flow->samples.class_count);
    if (o->class_weights && flow->samples.class_count) {
        flow->class_weights = lade_alloc(bytes);
        if (!flow->class_weights)
            return lade_error_set(err, LADE_ENOMEM, "no memory for the weights of %d classes",
                                  flow->samples.class_count);
        memcpy(flow->class_weights, o->class_weights, bytes);
    }
    o->class_weights = flow->class_weights;
    return lade__balance_init(&flow->balance, &flow->samples, flow->class_weights, err);
}

static int set_maker(lade_flow *flow, struct lade_error *err) {
    if (lade__flow_use_stats(flow, flow->options.stats) < 0)
        return lade_error_set(err, LADE_ENOMEM, "no memory for the statistics of a flow");
    flow->maker = (struct lade__sample_maker){
        .settings = {.options = &flow->options, .samples = &flow->samples, .sampler = &flow->sampler},
        .saved_images = &flow->delivery.saved_images};
    return lade__sample_settings_init(&flow->maker.settings, err);
}

/* Reduces the numbers of workers and slots until the workers and slots fit into memory_limit and into the free
   memory. */
static int fit_into_memory(lade_flow *flow, struct lade_error *err) {
    struct lade__memory_plan plan;
    int status = lade__memory_plan(&flow->options, &flow->ring->layout, lade__sys_free_memory(), &plan, err);

    if (status < 0)
        return status;
    flow->options.workers = plan.workers;
    flow->ring->depth = plan.slots;
    flow->ring->max_size = plan.most_slots;
    flow->ring->limit = plan.limit;
    return LADE_OK;
}

static int set_delivery(lade_flow *flow, struct lade_error *err) {
    int status = lade__delivery_init(&flow->delivery, &flow->options, flow->samples.count, err);

    flow->options.save_to_dir = flow->delivery.saved_images.directory;
    flow->options.save_prefix = flow->delivery.saved_images.prefix;
    if (status < 0)
        return status;
    flow->ring = lade__ring_new(&flow->maker.settings.layout);
    if (!flow->ring)
        return lade_error_set(err, LADE_ENOMEM, "%s: no memory for a flow", flow->samples.source);
    flow->ring->unlimited = flow->options.held == LADE_HELD_GROW;
    return fit_into_memory(flow, err);
}

/* This function is called in a child process after fork(). If a thread of the parent was in lade_flow_next(), that
   thread does not exist in the child, so the reference of that thread is released here. A generator of the parent also
   exists in the child and keeps its reference. */
static void renew(void *ctx) {
    lade_flow *flow = ctx;

    if (flow->reader == LADE__READER_GENERATOR)
        return;
    flow->reader = LADE__READER_NONE;
    __atomic_store_n(&flow->references, 1, __ATOMIC_RELAXED);
}

lade_flow *lade__flow_new(struct lade__samples *samples, const struct lade_flow_options *options,
                          struct lade_error *err) {
    lade_flow *flow = lade_calloc(1, sizeof *flow);

    if (!flow) {
        lade_error_set(err, LADE_ENOMEM, "%s: no memory for a flow", samples->source);
        lade__samples_release(samples);
        return NULL;
    }
    flow->options = *options;
    flow->options.stop = NULL; /* the callback is only valid during the call of the constructor */
    flow->samples = *samples;
    flow->references = 1;
    if (lade__monitor_init(&flow->starting, NULL, NULL) == LADE_OK &&
        lade__monitor_init(&flow->monitor, renew, flow) == LADE_OK && choose_samples(flow, err) == LADE_OK &&
        set_sampler(flow, err) == LADE_OK && set_maker(flow, err) == LADE_OK &&
        lade__flow_describe(flow, err) == LADE_OK && set_delivery(flow, err) == LADE_OK) {
        flow->complete_options = flow->options;
        flow->complete_options.classes = lade_flow_class_names(flow);
        lade__options_complete(&flow->complete_options);
        return flow;
    }
    lade_flow_free(flow);
    return NULL;
}

/* ---- Threads ----------------------------------------------------------------------------------------------------- */

/* Waits for the workers of a canceled lade_flow_fit(), because one of them may still call the reader. The new workers
   of the flow use the same worker numbers, and two calls of a reader with the same number must not overlap. */
static void wait_for_fit(lade_flow *flow) {
    lade__monitor_enter(&flow->monitor);
    struct lade__fit *fit = flow->fit; /* not freed here, because lade_flow_wait_idle() may use it */
    lade__monitor_leave(&flow->monitor);
    if (fit)
        lade__fit_idle(fit, NULL, NULL);
}

/* Starts the workers. The caller must have entered flow->starting. The caller must not have entered flow->monitor: this
   function calls the reader of the program, and lade_flow_cancel(), which enters flow->monitor, must not wait for that
   reader. */
static int start(lade_flow *flow, struct lade_error *err) {
    struct lade__flow_job job = {&flow->maker, lade__sampler_steps(&flow->sampler), lade__sample_maker_prepare,
                                 lade__sample_maker_make};

    wait_for_fit(flow);
    if (lade__sample_maker_start(&flow->maker, err) < 0)
        return err->code;
    struct lade__workers *workers = lade__workers_new(flow->ring, flow->options.workers, &job, err);
    if (!workers) {
        lade__sample_maker_release(&flow->maker);
        return err->code;
    }
    lade__workers_seek(workers, flow->epoch, flow->step);
    lade__monitor_enter(&flow->monitor);
    flow->workers = workers;
    lade__monitor_leave(&flow->monitor);
    return LADE_OK;
}

struct lade__workers *lade__flow_workers(lade_flow *flow) {
    lade__monitor_enter(&flow->monitor);
    if (flow->workers && lade__workers_lost(flow->workers)) {
        lade__workers_free(flow->workers);
        lade__sample_maker_release(&flow->maker);
        flow->workers = NULL;
    }
    struct lade__workers *workers = flow->workers;
    lade__monitor_leave(&flow->monitor);
    return workers;
}

struct lade__workers *lade__flow_start(lade_flow *flow, struct lade_error *err) {
    if (lade__flow_canceled(flow, err) < 0 || lade__sample_settings_check_stats(&flow->maker.settings, err) < 0)
        return NULL;
    struct lade__workers *workers = lade__flow_workers(flow);
    if (workers)
        return workers;
    lade__monitor_enter(&flow->starting);
    workers = lade__flow_workers(flow);
    if (!workers && start(flow, err) == LADE_OK)
        workers = flow->workers;
    lade__monitor_leave(&flow->starting);
    return workers;
}

void lade__flow_unref(lade_flow *flow) {
    if (__atomic_sub_fetch(&flow->references, 1, __ATOMIC_ACQ_REL))
        return;
    lade__monitor_release(&flow->starting);
    lade__monitor_release(&flow->monitor);
    lade_free(flow);
}

void lade_flow_free(lade_flow *flow) {
    if (!flow)
        return;
    LADE__DEFER_CANCEL;
    lade__monitor_renew(&flow->monitor);
    lade__fit_free(flow->fit);
    lade__workers_free(flow->workers);
    lade__sample_maker_release(&flow->maker);
    lade__ring_close(flow->ring);
    lade__delivery_release(&flow->delivery);
    lade__balance_release(&flow->balance);
    lade__weighted_release(&flow->weighted);
    lade__samples_release(&flow->samples);
    lade_free(flow->class_weights);
    lade_free(flow->preprocessing);
    lade_tensor_unref(flow->zca);
    lade_stats_free(flow->stats);
    flow->closed = true;
    lade__flow_unref(flow);
}

/*
 * Tests of lade_flow_submit(). A plan that repeats the choices of the flow must give the bytes of the flow. Every plan
 * must give the same bytes for any number of workers.
 */
#define _GNU_SOURCE /* nftw */
#include <pthread.h>

#include "support/flow_settings.h"

static void submit(lade_flow *flow, const struct lade_plan *plan) {
    struct lade_error err = {0};
    ck_assert_msg(lade_flow_submit(flow, plan, &err) == LADE_OK, "%s", err.message);
}

static void add_and_release(struct lade_digest *d, struct lade_batch *b) {
    ck_assert_int_eq(lade_digest_add(d, b), LADE_OK);
    lade_batch_unref(b);
}

/* ---- The choices of the flow, repeated by a plan ----------------------------------------------------------------- */

struct repeated {
    struct lade_plan plan;
    int64_t samples[16];
    uint64_t seeds[16], draws[16];
    struct lade_transform transforms[16];
};

/* Makes the plan of a batch of @flow. If @drawn is true, the plan has the transforms that the flow draws. */
static void repeat_batch(struct repeated *r, const lade_flow *flow, const struct lade_batch *b, bool drawn) {
    const struct lade_flow_options *o = lade_flow_options_get(flow);
    struct lade_augment augment = {.rotation_range = o->rotation_range,
                                   .width_shift_range = o->width_shift_range,
                                   .height_shift_range = o->height_shift_range,
                                   .shift_unit = o->shift_unit,
                                   .brightness_range = {o->brightness_range[0], o->brightness_range[1]},
                                   .shear_range = o->shear_range,
                                   .zoom_range = {o->zoom_range[0], o->zoom_range[1]},
                                   .channel_shift_range = o->channel_shift_range,
                                   .fill_mode = o->fill_mode,
                                   .cval = o->cval,
                                   .horizontal_flip = o->horizontal_flip,
                                   .vertical_flip = o->vertical_flip,
                                   .interpolation_order = o->interpolation_order,
                                   .quirks = o->quirks};

    memset(r, 0, sizeof *r);
    r->plan = (struct lade_plan){.n = b->n,
                                 .samples = r->samples,
                                 .transforms = drawn ? r->transforms : NULL,
                                 .seeds = b->step % 2 ? r->seeds : NULL,
                                 .draws = b->step % 3 ? r->draws : NULL,
                                 .epoch = b->epoch,
                                 .step = b->step,
                                 .position = b->step * o->batch_size};
    for (int64_t i = 0; i < b->n; i++) {
        struct lade_random random;
        r->samples[i] = b->indices[i];
        r->seeds[i] = o->seed;
        r->draws[i] = (uint64_t)b->indices[i];
        lade_random_init(&random, o->seed, (uint64_t)b->epoch, r->draws[i], LADE_RANDOM_AUGMENT);
        lade_transform_draw(&augment, &random, o->target_size[0], o->target_size[1], &r->transforms[i]);
    }
}

/* Draws a setting in which a plan can repeat each batch of the flow. In such a setting, each sample occurs once in an
   epoch. An invalid sample is an error, because a plan cannot repeat the choice of its replacement. Returns false if
   the order of the setting is LADE_ORDER_BALANCED, which repeats samples. */
static bool draw_repeatable(struct setting *s, uint64_t number) {
    draw_setting(s, number);
    s->options.on_error = LADE_ERROR_FAIL;
    return s->options.order != LADE_ORDER_BALANCED;
}

START_TEST(a_plan_can_repeat_the_flow) {
    int compared = 0;
    make_sources(mixed);
    unlink(tree_path("c1/005.png")); /* the invalid file */
    for (uint64_t number = 3000; number < 3120; number++) {
        struct setting s;
        struct lade_digest a = {0}, b = {0};
        if (!draw_repeatable(&s, number))
            continue;
        bool floats = s.source == ARRAY;
        lade_flow *flow = open_with(&s, 2, 0, 1), *planned = open_with(&s, 1 + (int)(number % 4), 0, 1);
        for (int64_t k = 0; k < lade_flow_steps(flow) + 1; k++) {
            struct repeated r;
            struct lade_batch *batch = tree_next(flow);
            repeat_batch(&r, flow, batch, !floats || number % 2);
            submit(planned, &r.plan);
            add_and_release(&a, batch);
            batch = tree_next(planned);
            ck_assert(batch->epoch == r.plan.epoch && batch->step == k % lade_flow_steps(flow));
            add_and_release(&b, batch);
        }
        check_digests(&s, "plans", a, b);
        check_digests(&s, "epochs after plans", digest(planned, 2 * lade_flow_steps(flow), &s), digest_of(&s, 1, 0, 1));
        lade_flow_free(flow);
        lade_flow_free(planned);
        compared++;
    }
    ck_assert_int_gt(compared, 60);
    drop_sources();
}
END_TEST

/* ---- Plans that a flow never makes ------------------------------------------------------------------------------- */

enum { ROWS_OF_PLAN = 9, PLANS = 40 };

struct own_plan {
    struct lade_plan plan;
    int64_t samples[ROWS_OF_PLAN];
    uint64_t seeds[ROWS_OF_PLAN];
    struct lade_transform transforms[ROWS_OF_PLAN];
    struct lade_box crops[ROWS_OF_PLAN];
};

/* Draws plan @number, which has 0 to 9 rows. Samples may occur several times. */
static void draw_plan(struct own_plan *p, int number, int64_t samples) {
    struct lade_random r;

    memset(p, 0, sizeof *p);
    lade_random_init(&r, 77, (uint64_t)number, 0, LADE_RANDOM_USER);
    p->plan = (struct lade_plan){.n = (int64_t)below(&r, ROWS_OF_PLAN + 1),
                                 .samples = p->samples,
                                 .transforms = coin(&r) ? p->transforms : NULL,
                                 .crops = coin(&r) ? p->crops : NULL,
                                 .seeds = coin(&r) ? p->seeds : NULL,
                                 .epoch = (int64_t)below(&r, 5),
                                 .step = number,
                                 .position = number * 100};
    for (int i = 0; i < ROWS_OF_PLAN; i++) {
        p->samples[i] = (int64_t)below(&r, (uint64_t)samples);
        p->seeds[i] = lade_random_u64(&r);
        p->transforms[i] = (struct lade_transform){.theta = lade_random_uniform(&r, -90, 90),
                                                   .tx = lade_random_uniform(&r, -3, 3),
                                                   .zx = lade_random_uniform(&r, .5, 1.5),
                                                   .flip_vertical = coin(&r),
                                                   .brightness = 1.5,
                                                   .quirks = coin(&r) ? LADE_QUIRKS_KERAS3 : LADE_QUIRKS_DOCUMENTED};
        p->crops[i] = (struct lade_box){(int)below(&r, 3), (int)below(&r, 3), 2, 3};
    }
}

static const struct lade_flow_options own_options = {.target_size = {6, 5},
                                                     .batch_size = ROWS_OF_PLAN,
                                                     .seed = 4,
                                                     .crop = LADE_CROP_RANDOM,
                                                     .rotation_range = 30,
                                                     .order = LADE_ORDER_SORTED,
                                                     .on_error = LADE_ERROR_SKIP};

/* Returns the digest of all plans with @workers workers. @ahead plans are submitted before the first batch is
   delivered. */
static struct lade_digest digest_of_plans(int workers, int ahead) {
    struct lade_flow_options o = own_options;
    struct lade_digest d = {0};
    struct own_plan p;
    o.workers = workers;
    lade_flow *flow = tree_flow(&o);
    for (int k = 0; k < PLANS + ahead; k++) {
        if (k < PLANS) {
            draw_plan(&p, k, lade_flow_samples(flow));
            submit(flow, &p.plan);
            memset(&p, 0xff, sizeof p); /* the flow must not use the plan after the call */
        }
        if (k < ahead)
            continue;
        struct lade_batch *b = tree_next(flow);
        draw_plan(&p, k - ahead, lade_flow_samples(flow));
        ck_assert(b->step == k - ahead && b->epoch == p.plan.epoch && b->n <= p.plan.n);
        if (b->n == p.plan.n)
            ck_assert(b->n == 0 || memcmp(b->indices, p.samples, (size_t)b->n * sizeof *p.samples) == 0);
        add_and_release(&d, b);
    }
    lade_flow_free(flow);
    return d;
}

START_TEST(a_plan_gives_the_same_bytes_for_any_number_of_workers) {
    make_sources(mixed);
    struct lade_digest one = digest_of_plans(1, 0), two = digest_of_plans(2, 3), four = digest_of_plans(4, PLANS);
    ck_assert(one.low == two.low && one.high == two.high);
    ck_assert(one.low == four.low && one.high == four.high);
    drop_sources();
}
END_TEST

struct feeder {
    lade_flow *flow;
    int plans;
};

static void *feed(void *ctx) {
    const struct feeder *f = ctx;
    for (int k = 0; k < f->plans;) {
        struct own_plan p;
        struct lade_error err = {0};
        draw_plan(&p, k, lade_flow_samples(f->flow));
        /* This number shows that the batch comes from a plan, because the test reads fewer epochs. */
        p.plan.epoch = 1000;
        int status = lade_flow_submit(f->flow, &p.plan, &err);
        ck_assert_msg(status == LADE_OK || status == LADE_EBUSY, "%s", err.message);
        k += status == LADE_OK;
    }
    return NULL;
}

START_TEST(one_thread_can_submit_while_another_reads) {
    struct lade_flow_options o = own_options;
    struct feeder f = {.plans = 300};
    pthread_t thread;
    int64_t step = 0, others = 0;
    make_sources(mixed);
    o.workers = 2;
    f.flow = tree_flow(&o);
    ck_assert_int_eq(pthread_create(&thread, NULL, feed, &f), 0);
    while (step < f.plans) {
        struct lade_batch *b = tree_next(f.flow);
        int64_t position = b->epoch * lade_flow_steps(f.flow) + b->step;
        if (b->epoch == 1000)
            ck_assert_int_eq(b->step, step++);
        else
            ck_assert_int_eq(position, others++); /* no plan was waiting, so the flow delivered the next batch of its
                                                     epoch */
        lade_batch_unref(b);
    }
    pthread_join(thread, NULL);
    lade_flow_free(f.flow);
    drop_sources();
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "plans");
    tcase_add_test(tcase, a_plan_can_repeat_the_flow);
    tcase_add_test(tcase, a_plan_gives_the_same_bytes_for_any_number_of_workers);
    tcase_add_test(tcase, one_thread_can_submit_while_another_reads);
}

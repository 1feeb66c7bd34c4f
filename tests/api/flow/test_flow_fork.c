/* Tests of a flow in a child process. The child continues with the batch that is the next batch of the parent, and
   frees the flow. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>

#include "support/flow_tree.h"
#include "support/fork_child.h"

#include <pthread.h>

static const struct lade_flow_options small = {.target_size = {4, 4}, .batch_size = 3, .seed = 1, .workers = 2};

struct run {
    lade_flow *flow;
    struct lade_digest digest; /* the digest of the next `steps` batches of the flow */
    int64_t steps;
    struct lade_batch *held;
    lade_gen(struct lade_batch *) batches;
};

/* Makes the images, and a flow that has not delivered a batch yet. Stores the digest of the 7 batches that follow the
   first @before batches. */
static struct run begin(int64_t before) {
    struct run r = {.steps = 7};
    tree_classes(2, (int[]){5, 6});
    lade_flow *reference = tree_flow(&small);
    tree_digest(reference, before);
    r.digest = tree_digest(reference, r.steps);
    lade_flow_free(reference);
    r.flow = tree_flow(&small);
    return r;
}

/* Calls begin() and reads the first @before batches of the flow. */
static struct run begin_after(int64_t before) {
    struct run r = begin(before);
    tree_digest(r.flow, before);
    return r;
}

static int read_batches(lade_flow *flow, const struct run *r) {
    struct lade_digest d = {0};
    for (int64_t i = 0; i < r->steps; i++) {
        struct lade_batch *b;
        CHILD_ASSERT(lade_flow_next(flow, &b, NULL) == LADE_OK);
        CHILD_ASSERT(lade_digest_add(&d, b) == LADE_OK);
        lade_batch_unref(b);
    }
    CHILD_ASSERT(d.low == r->digest.low && d.high == r->digest.high);
    return 0;
}

static int read_and_free(void *ctx) {
    struct run *r = ctx;
    int failed = read_batches(r->flow, r);
    lade_flow_free(r->flow);
    return failed;
}

START_TEST(a_child_continues_with_the_same_batches) {
    NEED_THREADS_IN_CHILD();
    struct run r = begin_after(_i);
    in_child(read_and_free, &r);
    in_child(read_and_free, &r); /* another child begins at the same position */
    ck_assert_int_eq(read_batches(r.flow, &r), 0);
    lade_flow_free(r.flow);
}
END_TEST

static int fork_again(void *ctx) {
    struct run *r = ctx;
    in_child(read_and_free, r);
    int failed = read_batches(r->flow, r);
    lade_flow_free(r->flow);
    return failed;
}

START_TEST(a_child_of_a_child_continues) {
    NEED_THREADS_IN_CHILD();
    struct run r = begin_after(2);
    in_child(fork_again, &r);
    lade_flow_free(r.flow);
}
END_TEST

static int free_flow(void *ctx) {
    struct run *r = ctx;
    lade_flow_free(r->flow);
    return 0;
}

START_TEST(freeing_in_the_child_does_not_wait) {
    NEED_BUSY_FORK();
    struct run r = begin_after(2);
    for (int i = 0; i < 50; i++) /* at each fork, the workers are in another state */
        in_child(free_flow, &r);
    lade_flow_free(r.flow);
}
END_TEST

static int use_held(void *ctx) {
    struct run *r = ctx;
    const float *x = lade_tensor_data(r->held->x);
    float first = x[0];
    int failed = read_batches(r->flow, r);
    CHILD_ASSERT(!failed && x[0] == first);
    lade_flow_free(r->flow);
    CHILD_ASSERT(x[0] == first);
    lade_batch_unref(r->held);
    return 0;
}

START_TEST(a_batch_that_the_child_holds_stays_valid) {
    NEED_THREADS_IN_CHILD();
    struct run r = begin(2);
    tree_digest(r.flow, 1);
    r.held = tree_next(r.flow);
    in_child(use_held, &r);
    lade_batch_unref(r.held);
    ck_assert_int_eq(read_batches(r.flow, &r), 0);
    lade_flow_free(r.flow);
}
END_TEST

static int resume_generator(void *ctx) {
    struct run *r = ctx;
    struct lade_digest d = {0};
    for (int64_t i = 0; i < r->steps; i++) {
        struct lade_batch **b = lade_next(r->batches);
        CHILD_ASSERT(b && lade_digest_add(&d, *b) == LADE_OK);
    }
    CHILD_ASSERT(d.low == r->digest.low && d.high == r->digest.high);
    CHILD_ASSERT(lade_gen_free(r->batches) == LADE_OK);
    lade_flow_free(r->flow);
    return 0;
}

START_TEST(a_generator_is_resumed_in_the_child) {
    NEED_THREADS_IN_CHILD();
    struct run r = begin(1);
    r.batches = lade_flow_batches(r.flow);
    ck_assert_ptr_nonnull(lade_next(r.batches));
    in_child(resume_generator, &r);
    in_child(resume_generator, &r);
    lade_gen_free(r.batches);
    lade_flow_free(r.flow);
}
END_TEST

/* ---- Forks while other threads use the flow ---------------------------------------------------------------------- */

static int stop;

static void *read_forever(void *flow) {
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
        lade_batch_unref(tree_next(flow));
    return NULL;
}

static int read_some(void *ctx) {
    struct lade_batch *b;
    for (int i = 0; i < 5; i++) {
        CHILD_ASSERT(lade_flow_next(ctx, &b, NULL) == LADE_OK);
        lade_batch_unref(b);
        CHILD_ASSERT(lade_flow_batch(ctx, 1, i % 2, &b, NULL) == LADE_OK);
        lade_batch_unref(b);
    }
    lade_flow_free(ctx);
    return 0;
}

START_TEST(forks_while_another_thread_reads) {
    NEED_BUSY_FORK();
    pthread_t reader;
    struct run r = begin(0);
    stop = 0;
    ck_assert_int_eq(pthread_create(&reader, NULL, read_forever, r.flow), 0);
    for (int i = 0; i < 20; i++)
        in_child(read_some, r.flow);
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    pthread_join(reader, NULL);
    lade_flow_free(r.flow);
}
END_TEST

static int inside;
static const void *watched; /* the address of the flow; `released` becomes true when the flow is freed */
static bool released;

static void *resize(void *ctx, void *p, size_t size) {
    (void)ctx;
    return realloc(p, size);
}

static void release(void *ctx, void *p) {
    (void)ctx;
    released |= p && p == watched;
    free(p);
}

static int wait_for_stop(void *ctx, const struct lade_flow_sample *sample, struct lade_error *err) {
    (void)ctx, (void)sample, (void)err;
    __atomic_add_fetch(&inside, 1, __ATOMIC_RELAXED);
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
        usleep(1000);
    return LADE_OK;
}

static void *read_one(void *flow) {
    lade_batch_unref(tree_next(flow));
    return NULL;
}

static int free_everything(void *flow) {
    watched = flow;
    lade_flow_free(flow);
    CHILD_ASSERT(released);
    return 0;
}

START_TEST(a_child_frees_the_flow_that_another_thread_reads) {
    NEED_THREADS_IN_CHILD();
    pthread_t reader;
    struct lade_flow_options o = small;
    lade_set_allocator(&(struct lade_allocator){resize, release, NULL});
    tree_classes(2, (int[]){5, 6});
    o.preprocessing_function.call = wait_for_stop;
    lade_flow *flow = tree_flow(&o);
    stop = 0;
    ck_assert_int_eq(pthread_create(&reader, NULL, read_one, flow), 0);
    while (__atomic_load_n(&inside, __ATOMIC_RELAXED) < 2) /* when both workers wait, no thread allocates memory */
        usleep(1000);
    in_child(free_everything, flow);
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    pthread_join(reader, NULL);
    lade_flow_free(flow);
    lade_set_allocator(NULL);
}
END_TEST

static int fit_and_free(void *ctx) {
    CHILD_ASSERT(lade_flow_fit(ctx, NULL) == LADE_OK);
    CHILD_ASSERT(lade_flow_stats(ctx)->images == 11);
    return read_some(ctx);
}

static void *fit_forever(void *unused) {
    (void)unused;
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        lade_flow *flow = tree_flow(&small);
        lade_flow_fit(flow, NULL);
        lade_flow_free(flow);
    }
    return NULL;
}

START_TEST(statistics_in_a_child) {
    NEED_BUSY_FORK();
    pthread_t other;
    tree_classes(2, (int[]){5, 6});
    stop = 0;
    ck_assert_int_eq(pthread_create(&other, NULL, fit_forever, NULL), 0);
    for (int i = 0; i < 10; i++) {
        lade_flow *flow = tree_flow(&small);
        in_child(fit_and_free, flow);
        lade_flow_free(flow);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    pthread_join(other, NULL);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "fork");
    tcase_add_loop_test(tcase, a_child_continues_with_the_same_batches, 0, 4);
    tcase_add_test(tcase, a_child_of_a_child_continues);
    tcase_add_test(tcase, freeing_in_the_child_does_not_wait);
    tcase_add_test(tcase, a_batch_that_the_child_holds_stays_valid);
    tcase_add_test(tcase, a_generator_is_resumed_in_the_child);
    tcase_add_test(tcase, forks_while_another_thread_reads);
    tcase_add_test(tcase, a_child_frees_the_flow_that_another_thread_reads);
    tcase_add_test(tcase, statistics_in_a_child);
}

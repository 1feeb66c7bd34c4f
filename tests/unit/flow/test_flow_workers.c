/* Tests of the workers of a flow, which are threads that make the rows of batches. Here, the rows are simple numbers
   and not images. A slot is the memory of one batch. For any number of threads, each row of a batch must be made once,
   and the slots must be delivered in order. */
#include "flow/pipeline/workers_impl.h"

#include <lade/gen.h> /* LADE__SANITIZED */
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "support/check_main.h"

enum { ROWS = 6, STEPS = 5 };

struct work {
    int made;     /* number of rows that were made; atomic */
    int64_t bad;  /* the row with this index fails; -1: no row fails */
    int64_t slow; /* the row with this index waits until `slow` is changed; -1: no row waits; atomic */
    int waiting;  /* number of rows that have begun to wait; atomic */
};

static void prepare(void *ctx, struct lade__slot *slot) {
    (void)ctx;
    slot->first = slot->step * ROWS;
    slot->rows = slot->step == 3 ? 0 : slot->step == 4 ? ROWS / 2 : ROWS; /* an empty batch and a short batch */
}

static int make(void *ctx, int worker, const struct lade__slot *slot, int64_t row, struct lade_flow_counters *counters,
                struct lade__failure *failure) {
    struct work *work = ctx;
    (void)worker;
    __atomic_fetch_add(&work->made, 1, __ATOMIC_RELAXED);
    if ((slot->first + row) % 3 == 0)
        sched_yield(); /* lets other threads finish later rows first */
    slot->indices[row] = slot->epoch * 1000 + slot->first + row;
    counters->images++;
    if (slot->indices[row] == __atomic_load_n(&work->slow, __ATOMIC_ACQUIRE))
        __atomic_fetch_add(&work->waiting, 1, __ATOMIC_RELEASE);
    while (slot->indices[row] == __atomic_load_n(&work->slow, __ATOMIC_ACQUIRE))
        sched_yield();
    return slot->indices[row] == work->bad ? lade_error_set(&failure->error, LADE_EFORMAT, "bad") : LADE_OK;
}

struct fixture {
    struct work work;
    struct lade__ring *ring;
    struct lade__workers *workers;
};

static void start(struct fixture *f, int threads, int64_t bad) {
    struct lade__batch_layout layout = {.dtype = LADE_UINT8, .shape = {1, 1, 1}, .row_bytes = 1, .rows = ROWS};
    struct lade__flow_job job = {&f->work, STEPS, prepare, make};
    f->work = (struct work){0, bad, -1, 0};
    f->ring = lade__ring_new(&layout);
    f->workers = lade__workers_new(f->ring, threads, &job, NULL);
    ck_assert_ptr_nonnull(f->workers);
}

static void end(struct fixture *f) {
    lade__workers_free(f->workers);
    lade__ring_close(f->ring);
}

static void check_slot(const struct lade__slot *slot, int64_t epoch, int64_t step) {
    ck_assert_int_eq(slot->epoch, epoch);
    ck_assert_int_eq(slot->step, step);
    ck_assert_int_eq(slot->rows, step == 3 ? 0 : step == 4 ? 3 : 6);
    for (int64_t i = 0; i < slot->rows; i++)
        ck_assert_int_eq(slot->indices[i], epoch * 1000 + step * ROWS + i);
}

static struct lade__slot *next(struct fixture *f) {
    struct lade__slot *slot = NULL;
    ck_assert_int_eq(lade__workers_next(f->workers, NULL, &slot, NULL), LADE_OK);
    return slot;
}

START_TEST(slots_come_in_order) {
    struct fixture f;
    start(&f, _i, -1);
    for (int64_t k = 0; k < 40 * STEPS; k++) {
        struct lade__slot *slot = next(&f);
        check_slot(slot, k / STEPS, k % STEPS);
        lade__ring_give(slot);
    }
    end(&f);
}
END_TEST

START_TEST(slots_in_use_make_the_ring_grow_and_then_it_is_busy) {
    struct fixture f;
    struct lade__slot *held[16], *slot;
    start(&f, 2, -1);
    for (int k = 0; k < 16; k++)
        check_slot(held[k] = next(&f), k / STEPS, k % STEPS);
    ck_assert_int_eq(lade__workers_next(f.workers, NULL, &slot, NULL), LADE_EBUSY);
    for (int k = 0; k < 16; k++)
        check_slot(held[k], k / STEPS, k % STEPS); /* a slot in use is not overwritten */
    lade__ring_give(held[7]);
    check_slot(slot = next(&f), 3, 1); /* this is batch 16, so no batch was lost */
    lade__ring_give(slot);
    for (int k = 0; k < 16; k++)
        if (k != 7)
            lade__ring_give(held[k]);
    end(&f);
}
END_TEST

START_TEST(seek_discards_the_slots_made_ahead) {
    struct fixture f;
    struct lade_random r;
    start(&f, 3, -1);
    lade_random_init(&r, 7, 0, 0, LADE_RANDOM_USER);
    for (int i = 0; i < 300; i++) {
        int64_t epoch = (int64_t)lade_random_below(&r, 4), step = (int64_t)lade_random_below(&r, STEPS);
        lade__workers_seek(f.workers, epoch, step);
        for (uint64_t n = lade_random_below(&r, 5); n > 0; n--) {
            struct lade__slot *slot = next(&f);
            check_slot(slot, epoch, step);
            lade__ring_give(slot);
            epoch += ++step == STEPS;
            step %= STEPS;
        }
    }
    end(&f);
}
END_TEST

/* Selects the row that waits until set_slow() is called again. -1: no row waits. */
static void set_slow(struct fixture *f, int64_t index) {
    __atomic_store_n(&f->work.slow, index, __ATOMIC_RELEASE);
}

static void wait_for_slow(struct fixture *f) {
    while (!__atomic_load_n(&f->work.waiting, __ATOMIC_ACQUIRE))
        sched_yield();
}

START_TEST(a_slot_that_is_discarded_in_progress_becomes_free_later) {
    struct fixture f;
    struct lade__slot *held[3], *slot;
    struct timespec past = {0};
    start(&f, 2, -1);
    f.ring->depth = 2;
    f.ring->max_size = 4;
    set_slow(&f, 4 * ROWS);
    for (int k = 0; k < 3; k++)
        check_slot(held[k] = next(&f), 0, k);
    /* Gives the slot of batch 3, which is empty, back to the ring. Then batch 4 gets this slot, the only free slot. */
    lade__ring_give(next(&f));
    wait_for_slow(&f);
    lade__workers_seek(f.workers, 5, 0); /* discards batch 4, whose slot becomes free when its rows are made */
    /* The error is not LADE_EBUSY, because the slot of batch 4 becomes free later. */
    ck_assert_int_eq(lade__workers_next(f.workers, &past, &slot, NULL), LADE_ETIMEDOUT);
    ck_assert_int_eq(f.ring->size, 4);
    set_slow(&f, -1);
    check_slot(slot = next(&f), 5, 0);
    lade__ring_give(slot);
    for (int k = 0; k < 3; k++)
        lade__ring_give(held[k]);
    end(&f);
}
END_TEST

/* Runs in another thread and makes 200 single batches. */
static void *make_single_batches(void *arg) {
    struct fixture *f = arg;
    for (int i = 0; i < 200; i++) {
        struct lade__slot *slot = lade__ring_extra(f->ring, NULL);
        slot->epoch = 9;
        slot->step = i % STEPS;
        ck_assert_int_eq(lade__workers_do(f->workers, slot, NULL), LADE_OK);
        check_slot(slot, 9, i % STEPS);
        lade__ring_give(slot);
    }
    return NULL;
}

START_TEST(any_thread_can_make_single_batches) {
    struct fixture f;
    pthread_t others[3];
    start(&f, 2, -1);
    for (int i = 0; i < 3; i++)
        pthread_create(&others[i], NULL, make_single_batches, &f);
    for (int64_t k = 0; k < 300; k++) {
        struct lade__slot *slot = next(&f);
        check_slot(slot, k / STEPS, k % STEPS);
        lade__ring_give(slot);
    }
    for (int i = 0; i < 3; i++)
        pthread_join(others[i], NULL);
    end(&f);
}
END_TEST

/* ---- A cancellation that is revoked while a batch is made -------------------------------------------------------- */

enum { LONG = 16 }; /* number of rows of a long batch; a worker claims two of these rows at a time */

static void prepare_long(void *ctx, struct lade__slot *slot) {
    (void)ctx;
    slot->first = 0;
    slot->rows = LONG;
}

static void *make_long(void *arg) {
    struct fixture *f = arg;
    struct lade__slot *slot = lade__ring_extra(f->ring, NULL);
    slot->epoch = slot->step = 0;
    memset(slot->indices, -1, LONG * sizeof *slot->indices);
    int status = lade__workers_do(f->workers, slot, NULL);
    ck_assert(status == LADE_OK || status == LADE_ECANCELED);
    for (int64_t i = 0; status == LADE_OK && i < LONG; i++)
        ck_assert_int_eq(slot->indices[i], i);
    if (status == LADE_OK)
        lade__ring_give(slot);
    return NULL;
}

static void set_canceled(struct fixture *f, bool canceled) {
    __atomic_store_n(&f->ring->canceled, canceled, __ATOMIC_RELAXED);
}

START_TEST(a_single_batch_is_complete_or_canceled) {
    struct lade__batch_layout layout = {.dtype = LADE_UINT8, .shape = {1, 1, 1}, .row_bytes = 1, .rows = LONG};
    struct fixture f = {.work = {0, -1, 4, 0}, .ring = lade__ring_new(&layout)};
    struct lade__flow_job job = {&f.work, 1, prepare_long, make};
    pthread_t other;
    f.workers = lade__workers_new(f.ring, 1, &job, NULL);
    ck_assert_int_eq(pthread_create(&other, NULL, make_long, &f), 0);
    wait_for_slow(&f); /* now the worker has claimed rows 4 and 5, and waits while it makes row 4 */
    lade__monitor_enter(&f.ring->monitor);
    set_canceled(&f, true);
    set_slow(&f, -1);
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL); /* the worker does not make row 5 */
    set_canceled(&f, false);
    lade__monitor_leave(&f.ring->monitor);
    pthread_join(other, NULL);
    end(&f);
}
END_TEST

/* ---- A child process must not free memory that its parent was freeing -------------------------------------------- */

/*
 * In a plan, a program chooses the samples of a batch. The workers have a list of plans. While one thread frees a plan,
 * another thread may call fork(). At this time, the list must not contain the plan, because the child process would
 * free the plan a second time.
 */
static struct lade__workers *planned; /* the workers whose list check_plans_and_free() checks */

static void *resize(void *ctx, void *p, size_t size) {
    (void)ctx;
    return realloc(p, size);
}

static void check_plans_and_free(void *ctx, void *p) {
    (void)ctx;
    for (const struct lade__flow_plan *plan = planned ? planned->plans : NULL; plan; plan = plan->next)
        ck_assert_ptr_ne(plan, p);
    free(p);
}

START_TEST(the_list_has_no_plan_that_is_being_freed) {
    struct lade__workers w = {.plan_count = 3};
    lade_set_allocator(&(struct lade_allocator){resize, check_plans_and_free, NULL});
    for (int i = 0; i < 3; i++) {
        struct lade__flow_plan *plan = lade_calloc(1, sizeof *plan);
        plan->next = w.plans;
        w.plans = plan;
    }
    planned = &w;
    lade__workers_free_plans(&w);
    planned = NULL;
    ck_assert(!w.plans && !w.last_plan && !w.plan_count);
    lade_set_allocator(NULL);
}
END_TEST

START_TEST(failures_stay_with_their_slot) {
    struct fixture f;
    start(&f, 2, 1000 + ROWS + 2); /* row 2 of step 1 of epoch 1 fails */
    for (int64_t k = 0; k < 3 * STEPS; k++) {
        struct lade__slot *slot = next(&f);
        ck_assert_int_eq(slot->failure_count, k == STEPS + 1);
        if (slot->failure_count) {
            ck_assert_int_eq(slot->failures[0].row, 2);
            ck_assert_int_eq(slot->failures[0].error.code, LADE_EFORMAT);
        }
        lade__ring_give(slot);
    }
    end(&f);
}
END_TEST

START_TEST(the_workers_can_be_freed_at_any_time) {
    for (int n = 0; n < 60; n++) {
        struct fixture f;
        start(&f, 1 + n % 4, -1);
        for (int k = 0; k < n % 7; k++)
            lade__ring_give(next(&f));
        end(&f);
    }
}
END_TEST

START_TEST(no_more_rows_are_made_than_fit_into_the_ring) {
    struct fixture f;
    struct lade_flow_counters c = {0};
    start(&f, 2, -1);
    lade__ring_give(next(&f));
    for (int i = 0; i < 100; i++)
        sched_yield();
    lade__ring_cancel(f.ring, true);
    ck_assert_int_eq(lade__workers_idle(f.workers, NULL, NULL), LADE_OK); /* no row is in progress */
    lade__workers_counters(f.workers, &c);
    ck_assert_int_le(f.work.made, 9 * ROWS); /* the rows of the delivered batch and of 8 more batches */
    ck_assert_int_eq(c.images, f.work.made);
    ck_assert_int_eq(c.workers, 2);
    ck_assert_int_eq(c.ring, 8);
    end(&f);
}
END_TEST

START_TEST(a_thread_without_memory_for_a_stack_is_an_error) {
#ifdef LADE__SANITIZED
    CHECK_SKIP("a sanitizer needs more address space than this test allows");
#endif
    if (check_under_valgrind() || getenv("LADE_EMULATED"))
        CHECK_SKIP("valgrind and emulators need more address space than this test allows");
    struct lade__batch_layout layout = {.dtype = LADE_UINT8, .shape = {1, 1, 1}, .row_bytes = 1, .rows = ROWS};
    struct lade__flow_job job = {NULL, STEPS, prepare, make};
    struct lade__ring *ring = lade__ring_new(&layout);
    struct lade_error err = {0};
    struct rlimit before, limit;
    ck_assert_int_eq(lade_set_thread_stack_size(1 << 30), LADE_OK);
    getrlimit(RLIMIT_AS, &before);
    limit = before;
    limit.rlim_cur = 1 << 29;
    setrlimit(RLIMIT_AS, &limit);
    struct lade__workers *workers = lade__workers_new(ring, 2, &job, &err);
    setrlimit(RLIMIT_AS, &before);
    if (workers) {
        lade__workers_free(workers);
        CHECK_SKIP("RLIMIT_AS has no effect on this system");
    }
    ck_assert_int_eq(err.code, LADE_ENOMEM);
    ck_assert_str_eq(err.subject, "workers");
    lade__ring_close(ring);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *cases = check_case(suite, "all");
    tcase_add_loop_test(cases, slots_come_in_order, 1, 6);
    tcase_add_test(cases, slots_in_use_make_the_ring_grow_and_then_it_is_busy);
    tcase_add_test(cases, a_thread_without_memory_for_a_stack_is_an_error);
    tcase_add_test(cases, seek_discards_the_slots_made_ahead);
    tcase_add_test(cases, a_slot_that_is_discarded_in_progress_becomes_free_later);
    tcase_add_test(cases, any_thread_can_make_single_batches);
    tcase_add_test(cases, a_single_batch_is_complete_or_canceled);
    tcase_add_test(cases, the_list_has_no_plan_that_is_being_freed);
    tcase_add_test(cases, failures_stay_with_their_slot);
    tcase_add_test(cases, the_workers_can_be_freed_at_any_time);
    tcase_add_test(cases, no_more_rows_are_made_than_fit_into_the_ring);
}

/* Tests of the ring, which owns the memory of the batches of a flow. A slot of the ring is the memory of one batch. The
   tests check the size of the ring, its growth, and that a slot is returned when the last reference to its batch is
   released. */
#include "flow/pipeline/ring.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "support/check_main.h"

static struct lade__batch_layout layout(int64_t rows, int64_t side) {
    return (struct lade__batch_layout){
        LADE_FLOAT32, {side, side, 3}, (size_t)(side * side * 3) * sizeof(float), 2, rows};
}

static struct lade__slot *take(struct lade__ring *ring) {
    lade__monitor_enter(&ring->monitor);
    struct lade__slot *slot = lade__ring_take(ring);
    lade__monitor_leave(&ring->monitor);
    return slot;
}

static struct lade_batch *deliver(struct lade__slot *slot, int64_t rows) {
    struct lade_batch *b = NULL;
    ck_assert_int_eq(lade__slot_deliver(slot, rows, &b, NULL), LADE_OK);
    return b;
}

START_TEST(the_depth_depends_on_the_size_of_a_batch) {
    struct lade__batch_layout small = layout(64, 32), medium = layout(32, 128), large = layout(32, 224);
    ck_assert_int_eq(lade__ring_depth(&small), 8);  /* 0.8 MB */
    ck_assert_int_eq(lade__ring_depth(&medium), 6); /* 6.3 MB */
    ck_assert_int_eq(lade__ring_depth(&large), 2);  /* 19 MB */
}
END_TEST

START_TEST(the_ring_grows_to_its_limit_and_then_is_busy) {
    struct lade__batch_layout l = layout(2, 4);
    struct lade__ring *ring = lade__ring_new(&l);
    struct lade_error err = {0};

    ck_assert_ptr_null(take(ring));
    ck_assert_int_eq(lade__ring_grow(ring, &err), LADE_OK);
    ck_assert_int_eq(ring->size, 8);
    ck_assert_int_eq(lade__ring_grow(ring, &err), LADE_OK);
    ck_assert_int_eq(ring->size, 16);
    ck_assert_int_eq(lade__ring_grow(ring, &err), LADE_EBUSY);
    ck_assert_ptr_nonnull(strstr(err.message, "all 16 batches"));
    struct lade__slot *slots[16];
    for (int i = 0; i < 16; i++) {
        slots[i] = take(ring);
        ck_assert_ptr_nonnull(slots[i]);
        for (int j = 0; j < i; j++)
            ck_assert_ptr_ne(slots[i], slots[j]);
    }
    ck_assert_ptr_null(take(ring));
    for (int i = 0; i < 16; i++)
        lade__ring_give(slots[i]);
    /* The ring reuses the slot that was returned last, because its memory is probably in the cache. */
    ck_assert_ptr_eq(take(ring), slots[15]);
    lade__ring_give(slots[15]);
    lade__ring_close(ring);
}
END_TEST

START_TEST(a_slot_is_returned_when_the_last_reference_is_released) {
    struct lade__batch_layout l = layout(2, 4);
    struct lade__ring *ring = lade__ring_new(&l);
    ck_assert_int_eq(lade__ring_grow(ring, NULL), LADE_OK);

    struct lade_batch *b = deliver(take(ring), 2);
    struct lade_tensor *x = lade_tensor_ref(b->x), *view;
    int64_t flat[] = {-1};
    ck_assert_int_eq(ring->used, 1);
    ck_assert_ptr_eq(lade_batch_ref(b), b);
    lade_batch_unref(b);
    ck_assert_int_eq(ring->used, 1);
    lade_batch_unref(b);
    ck_assert_int_eq(ring->used, 1); /* x is still referenced */
    view = lade_tensor_reshape(x, 1, flat);
    lade_tensor_unref(x);
    ck_assert_int_eq(ring->used, 1);
    lade_tensor_unref(view);
    ck_assert_int_eq(ring->used, 0);
    lade__ring_close(ring);
}
END_TEST

START_TEST(a_batch_outlives_its_ring) {
    struct lade__batch_layout l = layout(2, 4);
    struct lade__ring *ring = lade__ring_new(&l);
    ck_assert_int_eq(lade__ring_grow(ring, NULL), LADE_OK);
    struct lade_batch *a = deliver(take(ring), 2), *b = deliver(lade__ring_extra(ring, NULL), 1);
    lade__ring_close(ring);
    memset(lade_tensor_data(a->x), 1, lade_tensor_bytes(a->x));
    memset(lade_tensor_data(b->y), 1, lade_tensor_bytes(b->y));
    lade_batch_unref(a);
    lade_batch_unref(b); /* frees the ring; sanitizers find leaks and double frees */
}
END_TEST

struct returned {
    struct lade__slot *slots[40];
    int count; /* number of slots that the main thread has stored; atomic */
    int given; /* number of slots that the other thread has returned; atomic, with relaxed memory order */
};

/* Runs in another thread. As soon as the main thread has stored a slot in @ctx, returns this slot to the ring. */
static void *give_all(void *ctx) {
    struct returned *r = ctx;
    for (int i = 0; i < 40; i++) {
        while (__atomic_load_n(&r->count, __ATOMIC_ACQUIRE) <= i)
            sched_yield();
        lade__ring_give(r->slots[i]);
        __atomic_store_n(&r->given, i + 1, __ATOMIC_RELAXED);
    }
    return NULL;
}

START_TEST(the_ring_grows_while_another_thread_returns_slots) {
    struct lade__batch_layout l = layout(2, 4);
    struct lade__ring *ring = lade__ring_new(&l);
    struct returned r = {.count = 0};
    struct lade__slot *held[4];
    pthread_t other;
    ring->depth = 1;
    ring->max_size = 2;
    ring->unlimited = true; /* a returned slot is freed if the ring has more than two slots */
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(lade__ring_grow(ring, NULL), LADE_OK);
        held[i] = take(ring);
    }
    ck_assert_int_eq(pthread_create(&other, NULL, give_all, &r), 0);
    for (int i = 0; i < 40; i++) {
        ck_assert_int_eq(lade__ring_grow(ring, NULL), LADE_OK);
        r.slots[i] = take(ring);
        ck_assert_ptr_nonnull(r.slots[i]);
        __atomic_store_n(&r.count, i + 1, __ATOMIC_RELEASE);
        while (__atomic_load_n(&r.given, __ATOMIC_RELAXED) <= i)
            sched_yield();
    }
    pthread_join(other, NULL);
    ck_assert_int_eq(ring->size, 4);
    for (int i = 0; i < 4; i++)
        lade__ring_give(held[i]);
    lade__ring_close(ring);
}
END_TEST

/* ---- A child process must not free memory that its parent was freeing -------------------------------------------- */

/*
 * In a plan, a program chooses the samples of a batch. While one thread frees the plan of a slot, another thread may
 * call fork(). At this time, the slot must not point to the plan, because the child process would free the plan a
 * second time.
 */
static struct lade__slot *planned; /* the slot that check_plan_and_free() checks */

static void *resize(void *ctx, void *p, size_t size) {
    (void)ctx;
    return realloc(p, size);
}

static void check_plan_and_free(void *ctx, void *p) {
    (void)ctx;
    ck_assert(!planned || p != planned->plan);
    free(p);
}

START_TEST(a_slot_has_no_plan_that_is_being_freed) {
    struct lade__batch_layout l = layout(2, 4);
    lade_set_allocator(&(struct lade_allocator){resize, check_plan_and_free, NULL});
    struct lade__ring *ring = lade__ring_new(&l);
    ck_assert_int_eq(lade__ring_grow(ring, NULL), LADE_OK);
    struct lade__slot *slot = take(ring);
    slot->plan = lade_calloc(1, sizeof *slot->plan);
    lade__ring_give(slot);
    planned = slot;
    ck_assert_ptr_eq(take(ring), slot);
    planned = NULL;
    ck_assert_ptr_null(slot->plan);
    lade__ring_give(slot);
    lade__ring_close(ring);
    lade_set_allocator(NULL);
}
END_TEST

START_TEST(rows_after_a_dropped_row_move_up) {
    struct lade__batch_layout l = layout(4, 4);
    struct lade__ring *ring = lade__ring_new(&l);
    ck_assert_int_eq(lade__ring_grow(ring, NULL), LADE_OK);
    struct lade__slot *slot = take(ring);
    for (int i = 0; i < 4; i++) {
        memset(slot->x + (size_t)i * l.row_bytes, 'a' + i, l.row_bytes);
        slot->y[2 * i] = (float)i;
        slot->y[2 * i + 1] = (float)(10 + i);
        slot->indices[i] = 100 + i;
        slot->positions[i] = 1000 + i;
    }
    lade__slot_drop_row(slot, 3, 4);
    lade__slot_drop_row(slot, 1, 3);
    struct lade_batch *b = deliver(slot, 2);
    const char *x = lade_tensor_data(b->x);
    const float *y = lade_tensor_data(b->y);
    ck_assert_int_eq(b->n, 2);
    ck_assert_int_eq(b->x->shape[0], 2);
    ck_assert_int_eq(b->y->shape[0], 2);
    ck_assert(x[0] == 'a' && x[l.row_bytes - 1] == 'a' && x[l.row_bytes] == 'c' && x[2 * l.row_bytes - 1] == 'c');
    ck_assert(y[0] == 0 && y[1] == 10 && y[2] == 2 && y[3] == 12);
    ck_assert(b->indices[0] == 100 && b->indices[1] == 102);
    ck_assert(slot->positions[0] == 1000 && slot->positions[1] == 1002);
    lade_batch_unref(b);
    lade__ring_close(ring);
}
END_TEST

START_TEST(batches_that_no_flow_made_have_no_slot) {
    struct lade_batch foreign = {0};
    struct lade_digest d = {0};
    ck_assert_ptr_null(lade__slot_of(&foreign));
    ck_assert_int_eq(lade_digest_add(&d, &foreign), LADE_EINVAL);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *cases = check_case(suite, "all");
    tcase_add_test(cases, the_depth_depends_on_the_size_of_a_batch);
    tcase_add_test(cases, the_ring_grows_to_its_limit_and_then_is_busy);
    tcase_add_test(cases, a_slot_is_returned_when_the_last_reference_is_released);
    tcase_add_test(cases, a_batch_outlives_its_ring);
    tcase_add_test(cases, the_ring_grows_while_another_thread_returns_slots);
    tcase_add_test(cases, a_slot_has_no_plan_that_is_being_freed);
    tcase_add_test(cases, rows_after_a_dropped_row_move_up);
    tcase_add_test(cases, batches_that_no_flow_made_have_no_slot);
}

/* Tests of a flow as a generator: the lifetime of a batch, the rule that a flow has only one reader at a time, the
 * position after a generator is closed, and the release of threads and descriptors. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>
#include <lade/iter.h>

#include "support/flow_tree.h"

#include <dirent.h>
#include <pthread.h>

static const struct lade_flow_options small = {.target_size = {4, 4}, .batch_size = 3, .seed = 1, .workers = 2};

/* Counts the threads of the flow by their name. A new thread may need a moment to set its name, and a joined thread may
   need a moment to end. */
static int count_threads(void) {
    int n = 0;
    char path[300], name[32];
    DIR *dir = opendir("/proc/self/task");
    for (struct dirent *e; dir && (e = readdir(dir));) {
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", e->d_name);
        FILE *f = fopen(path, "r");
        n += f && fgets(name, sizeof name, f) && strcmp(name, "lade-flow\n") == 0;
        if (f)
            fclose(f);
    }
    if (dir)
        closedir(dir);
    return n;
}

static void check_threads(int expected) {
    for (int i = 0; i < 2000 && count_threads() != expected; i++)
        usleep(1000);
    usleep(2000);
    ck_assert_int_eq(count_threads(), expected);
}

START_TEST(a_loop_may_stop_an_endless_stream) {
    struct lade_error err = {0};
    int64_t k = 0;
    tree_classes(2, (int[]){4, 4});
    lade_flow *flow = tree_flow(&small);
    lade_for_each (b, lade_flow_batches(flow), &err) {
        ck_assert(b->epoch == k / 3 && b->step == k % 3);
        if (++k == 10)
            break;
    }
    ck_assert_int_eq(err.code, 0);
    ck_assert_int_eq(k, 10);
    lade_flow_free(flow);
}
END_TEST

START_TEST(take_ends_an_epoch) {
    struct lade_error err = {0};
    struct lade_digest by_take[2] = {{0}}, all = {0}, plain;
    tree_classes(2, (int[]){5, 5});
    lade_flow *flow = tree_flow(&small), *other = tree_flow(&small);
    for (int epoch = 0; epoch < 2; epoch++) {
        int64_t images = 0;
        lade_for_each (b, lade_take(lade_flow_batches(flow), lade_flow_steps(flow)), &err) {
            ck_assert_int_eq(b->epoch, epoch);
            ck_assert_int_eq(lade_digest_add(&by_take[epoch], b), LADE_OK);
            images += b->n;
        }
        ck_assert_int_eq(err.code, 0);
        ck_assert_int_eq(images, 10);
        lade_digest_merge(&all, &by_take[epoch]);
    }
    plain = tree_digest(other, 2 * lade_flow_steps(other));
    ck_assert(plain.low == all.low && plain.high == all.high && by_take[0].low != by_take[1].low);
    lade_flow_free(flow);
    lade_flow_free(other);
}
END_TEST

START_TEST(a_referenced_batch_remains_valid) {
    tree_classes(2, (int[]){6, 6});
    lade_flow *flow = tree_flow(&small), *other = tree_flow(&small);
    struct lade_batch *kept[6], *b;
    lade_gen_auto(struct lade_batch *) g = lade_flow_batches(flow);
    for (int k = 0; k < 6; k++)
        kept[k] = lade_batch_ref(*lade_next(g));
    ck_assert_int_eq(lade_gen_free(g), LADE_OK);
    g = NULL;
    lade_flow_free(flow); /* a referenced batch remains valid */
    for (int k = 0; k < 6; k++) {
        b = tree_next(other);
        ck_assert_mem_eq(lade_tensor_data(b->x), lade_tensor_data(kept[k]->x), lade_tensor_bytes(b->x));
        ck_assert_mem_eq(b->indices, kept[k]->indices, (size_t)b->n * sizeof *b->indices);
        lade_batch_unref(b);
        lade_batch_unref(kept[k]);
    }
    lade_flow_free(other);
}
END_TEST

START_TEST(keeping_all_batches_is_an_error_and_no_deadlock) {
    struct lade_batch *kept[64];
    int n = 0;
    tree_classes(2, (int[]){6, 6});
    lade_flow *flow = tree_flow(&small);
    {
        lade_gen_auto(struct lade_batch *) g = lade_flow_batches(flow);
        for (struct lade_batch **b; n < 64 && (b = lade_next(g)); n++)
            kept[n] = lade_batch_ref(*b);
        ck_assert_int_eq(n, 16); /* the ring grows from 8 to 16 slots */
        ck_assert_int_eq(lade_gen_error(g)->code, LADE_EBUSY);
    }
    lade_batch_unref(kept[3]);
    struct lade_batch *b = tree_next(flow); /* no batch was lost */
    ck_assert(b->epoch == 4 && b->step == 0);
    kept[3] = b;
    while (n)
        lade_batch_unref(kept[--n]);
    lade_flow_free(flow);
}
END_TEST

START_TEST(one_generator_at_a_time) {
    struct lade_error err = {0};
    struct lade_batch *b;
    tree_classes(1, (int[]){4});
    lade_flow *flow = tree_flow(&small);
    char *state = NULL;
    {
        lade_gen_auto(struct lade_batch *) first = lade_flow_batches(flow);
        lade_gen_auto(struct lade_batch *) second = lade_flow_batches(flow);
        ck_assert_ptr_nonnull(lade_next(first));
        ck_assert_ptr_null(lade_next(second));
        ck_assert_int_eq(lade_gen_error(second)->code, LADE_ESTATE);
        ck_assert_int_eq(lade_flow_next(flow, &b, &err), LADE_ESTATE);
        ck_assert_int_eq(lade_flow_state(flow, &state, &err), LADE_OK);
        ck_assert_int_eq(lade_flow_resume(flow, state, &err), LADE_ESTATE);
        ck_assert_ptr_nonnull(lade_next(first)); /* the error of the second generator does not affect the first
                                                    generator */
    }
    lade_free(state);
    b = tree_next(flow); /* both generators have ended, so that the flow may be read again */
    ck_assert(b->epoch == 1 && b->step == 0);
    lade_batch_unref(b);
    lade_flow_free(flow);
}
END_TEST

START_TEST(closing_keeps_the_position_and_the_batches_decoded_ahead) {
    tree_classes(2, (int[]){50, 50});
    lade_flow *flow = tree_flow(&small);
    struct lade_flow_counters c;
    int64_t k = 0;
    for (int times = 0; times < 12; times++) {
        lade_for_each (b, lade_flow_batches(flow)) {
            ck_assert_int_eq(b->step, k);
            if (++k % 2 == 0)
                break;
        }
    }
    lade_flow_counters(flow, &c);
    ck_assert_int_eq(c.batches, 24);
    ck_assert_int_le(c.images, (24 + 8) * 3); /* no image was decoded twice */
    ck_assert_int_eq(c.workers, 2);
    ck_assert_int_eq(c.ring, 8);
    ck_assert(c.bytes_read > 0 && c.decode > 0 && c.read > 0 && c.transform > 0);
    lade_flow_free(flow);
}
END_TEST

START_TEST(threads_start_once_and_are_joined) {
    tree_classes(1, (int[]){8});
    lade_flow *flow = tree_flow(&small);
    check_threads(0); /* no threads before the first batch */
    for (int i = 0; i < 5; i++) {
        lade_for_each (b, lade_flow_batches(flow)) {
            ck_assert_int_ge(b->n, 1);
            break;
        }
        check_threads(2);
    }
    lade_flow_free(flow);
    check_threads(0);
}
END_TEST

START_TEST(a_flow_can_be_freed_at_any_time) {
    tree_classes(2, (int[]){20, 20});
    for (int n = 0; n < 40; n++) {
        struct lade_flow_options o = small;
        o.workers = 1 + n % 4;
        lade_flow *flow = tree_flow(&o);
        if (n % 5) {
            lade_gen_auto(struct lade_batch *) g = lade_flow_batches(flow);
            for (int k = 0; k < n % 7; k++)
                ck_assert_ptr_nonnull(lade_next(g));
        }
        if (n % 3 == 0) {
            struct lade_batch *b = NULL;
            ck_assert_int_eq(lade_flow_batch(flow, 1, 2, &b, NULL), LADE_OK);
            lade_batch_unref(b);
        }
        lade_flow_free(flow);
    }
    lade_flow_free(NULL);
}
END_TEST

START_TEST(a_generator_may_be_freed_after_its_flow) {
    tree_classes(2, (int[]){6, 6});
    lade_gen_auto(struct lade_batch *) g = NULL; /* freed at the end of the scope, after the flow */
    lade_flow *flow = tree_flow(&small);
    g = lade_flow_batches(flow);
    struct lade_batch *b = *lade_next(g);
    lade_flow_free(flow);
    memset(lade_tensor_data(b->x), 1, lade_tensor_bytes(b->x)); /* the batch remains valid */
    ck_assert_ptr_null(lade_next(g));
    ck_assert_int_eq(lade_gen_error(g)->code, LADE_ESTATE);

    flow = tree_flow(&small);
    lade_gen_auto(struct lade_batch *) cold = lade_flow_batches(flow);
    ck_assert_int_eq(lade_gen_state(cold), LADE_GEN_CREATED);
    lade_gen_auto(struct lade_batch *) suspended = lade_flow_batches(flow);
    ck_assert_ptr_nonnull(lade_next(suspended));
    lade_flow_free(flow);
}
END_TEST

START_TEST(an_invalid_file_ends_the_generator_with_its_error) {
    tree_classes(1, (int[]){6});
    tree_bytes("c0/004.png", "x", 1);
    struct lade_flow_options o = small;
    o.order = LADE_ORDER_SORTED;
    lade_flow *flow = tree_flow(&o);
    {
        lade_gen_auto(struct lade_batch *) g = lade_flow_batches(flow);
        ck_assert_ptr_nonnull(lade_next(g));
        ck_assert_ptr_null(lade_next(g));
        ck_assert_ptr_nonnull(lade_gen_error(g));
        ck_assert_ptr_nonnull(strstr(lade_gen_error(g)->message, "c0/004.png"));
        ck_assert_ptr_null(lade_next(g)); /* a generator that has ended does not start again */
    }
    tree_image("c0/004.png", 4);
    struct lade_batch *b = tree_next(flow);
    ck_assert(b->step == 1 && b->n == 3);
    lade_batch_unref(b);
    lade_flow_free(flow);
}
END_TEST

START_TEST(the_source_has_the_same_batches) {
    struct lade_error err = {0};
    struct lade_batch *b = NULL;
    char *state = NULL;
    tree_classes(2, (int[]){5, 5});
    struct lade_flow_options o = small;
    lade_flow *flow = tree_flow(&o), *other = tree_flow(&o);
    struct lade_source source = lade_flow_source(flow);
    ck_assert_int_eq(source.steps, 4);
    ck_assert_int_eq(source.samples, 10);
    ck_assert_int_eq(source.classes, 2);
    ck_assert_int_eq(source.sample_ndim, 3);
    ck_assert(source.sample_shape[0] == 4 && source.sample_shape[2] == 3);
    ck_assert_str_eq(source.class_names[1], "c1");
    for (int k = 0; k < 6; k++) {
        if (k == 4)
            ck_assert_int_eq(source.state_get(source.ctx, &state, &err), LADE_OK);
        struct lade_batch *a = tree_next(other);
        ck_assert_int_eq(source.next(source.ctx, &b, &err), LADE_OK);
        ck_assert_mem_eq(lade_tensor_data(a->x), lade_tensor_data(b->x), lade_tensor_bytes(a->x));
        lade_batch_unref(a);
        lade_batch_unref(b);
    }
    ck_assert_int_eq(source.state_set(source.ctx, state, &err), LADE_OK);
    ck_assert_int_eq(source.next(source.ctx, &b, &err), LADE_OK);
    ck_assert(b->epoch == 1 && b->step == 0);
    lade_batch_unref(b);
    lade_free(state);
    lade_flow_free(flow);
    lade_flow_free(other);

    const enum lade_class_mode modes[] = {LADE_CLASS_BINARY, LADE_CLASS_SPARSE, LADE_CLASS_NONE};
    const int64_t classes[] = {1, 2, 0};
    for (int i = 0; i < 3; i++) {
        o.class_mode = modes[i];
        flow = tree_flow(&o);
        source = lade_flow_source(flow);
        ck_assert_int_eq(source.classes, classes[i]);
        ck_assert_int_eq(source.class_names == NULL, modes[i] == LADE_CLASS_NONE);
        lade_flow_free(flow);
    }
}
END_TEST

static void *read_batches(void *arg) {
    lade_flow *flow = arg;
    for (int i = 0; i < 40; i++) {
        struct lade_batch *b = NULL;
        struct lade_flow_counters c;
        if (lade_flow_batch(flow, i, i % 3, &b, NULL) < 0)
            return flow;
        lade_flow_counters(flow, &c);
        lade_batch_unref(b);
    }
    return NULL;
}

START_TEST(many_threads_may_make_batches_while_another_reads) {
    pthread_t others[3];
    void *failed;
    tree_classes(2, (int[]){4, 4});
    lade_flow *flow = tree_flow(&small);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(pthread_create(&others[i], NULL, read_batches, flow), 0);
    for (int64_t k = 0; k < 60; k++) {
        struct lade_batch *b = tree_next(flow);
        ck_assert(b->epoch == k / 3 && b->step == k % 3);
        lade_batch_unref(b);
    }
    for (int i = 0; i < 3; i++) {
        pthread_join(others[i], &failed);
        ck_assert_ptr_null(failed);
    }
    lade_flow_free(flow);
}
END_TEST

/* Another thread may resume a suspended generator. */
static void *take_three(void *arg) {
    lade_gen(struct lade_batch *) g = arg;
    for (int i = 0; i < 3; i++)
        if (!lade_next(g))
            return arg;
    return NULL;
}

START_TEST(a_generator_of_batches_may_change_threads) {
    pthread_t other;
    void *failed;
    tree_classes(2, (int[]){20, 20});
    lade_flow *flow = tree_flow(&small);
    {
        lade_gen_auto(struct lade_batch *) g = lade_flow_batches(flow);
        ck_assert_int_eq((*lade_next(g))->step, 0);
        pthread_create(&other, NULL, take_three, (void *)g);
        pthread_join(other, &failed);
        ck_assert_ptr_null(failed);
        ck_assert_int_eq((*lade_next(g))->step, 4);
    }
    lade_flow_free(flow);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "flow generators");
    tcase_add_test(tcase, a_loop_may_stop_an_endless_stream);
    tcase_add_test(tcase, take_ends_an_epoch);
    tcase_add_test(tcase, a_referenced_batch_remains_valid);
    tcase_add_test(tcase, keeping_all_batches_is_an_error_and_no_deadlock);
    tcase_add_test(tcase, one_generator_at_a_time);
    tcase_add_test(tcase, closing_keeps_the_position_and_the_batches_decoded_ahead);
    tcase_add_test(tcase, threads_start_once_and_are_joined);
    tcase_add_test(tcase, a_flow_can_be_freed_at_any_time);
    tcase_add_test(tcase, a_generator_may_be_freed_after_its_flow);
    tcase_add_test(tcase, an_invalid_file_ends_the_generator_with_its_error);
    tcase_add_test(tcase, the_source_has_the_same_batches);
    tcase_add_test(tcase, many_threads_may_make_batches_while_another_reads);
    tcase_add_test(tcase, a_generator_of_batches_may_change_threads);
}

/* Tests of streams of batches in C++. */
#include <lade/flow.hpp>

#include "support/check_main.h"

#include <vector>

enum { ROWS = 10 };

static lade::flow_ptr flow_of_rows(void) {
    const int64_t shape[] = {ROWS, 2, 2, 1};
    lade_tensor *x = lade_tensor_new(LADE_FLOAT32, 4, shape);
    lade_flow_options options{};
    options.batch_size = 4;
    options.class_mode = LADE_CLASS_NONE;
    lade_error err{};
    lade::flow_ptr flow(lade_flow_from_arrays(x, nullptr, nullptr, &options, &err));
    ck_assert_msg(flow != nullptr, "%s", err.message);
    lade_tensor_unref(x);
    return flow;
}

START_TEST(an_epoch_has_all_rows) {
    lade::flow_ptr flow = flow_of_rows();
    for (int epoch = 0; epoch < 2; epoch++) {
        int64_t rows = 0;
        for (const lade::batch &b : lade::epoch(flow.get())) {
            ck_assert_int_eq(b->epoch, epoch);
            rows += b->n;
        }
        ck_assert_int_eq(rows, ROWS);
    }
}
END_TEST

START_TEST(a_batch_can_be_kept) {
    lade::batch kept;
    {
        lade::flow_ptr flow = flow_of_rows();
        lade::batch_stream stream = lade::batches(flow.get());
        kept = stream.next();
        lade::batch copy = kept;
        ck_assert_ptr_eq(copy.get(), kept.get());
        lade::batch next = stream.next();
        ck_assert_int_eq(next->step, 1);
        next = std::move(copy);
        ck_assert(!copy);
        ck_assert_int_eq(next->step, 0);
    }
    ck_assert_int_eq(kept->n, 4);
    ck_assert_int_eq((*kept).step, 0);
}
END_TEST

START_TEST(the_generator_of_c_has_plain_pointers) {
    lade::flow_ptr flow = flow_of_rows();
    int64_t rows = 0;
    for (lade_batch *b : lade::take(lade_flow_batches(flow.get()), 2))
        rows += b->n;
    ck_assert_int_eq(rows, 8);
}
END_TEST

START_TEST(errors_are_exceptions) {
    lade::flow_ptr flow = flow_of_rows();
    lade::batch_stream stream = lade::batches(flow.get());
    stream.next();
    try {
        lade::batches(flow.get()).next(); /* a second generator at the same time */
        ck_abort();
    } catch (const lade::error &e) {
        ck_assert_int_eq(e.status(), LADE_ESTATE);
    }
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "flow");
    tcase_add_test(tcase, an_epoch_has_all_rows);
    tcase_add_test(tcase, a_batch_can_be_kept);
    tcase_add_test(tcase, the_generator_of_c_has_plain_pointers);
    tcase_add_test(tcase, errors_are_exceptions);
}

/*
 * The same options give the same bytes. For random settings of all options and for each source, the digest of two epochs
 * is the same with 1, 2 and 4 workers, with three ranks, and after a stop at a random batch with a resume by another
 * number of ranks.
 *
 * LADE_SETS is the number of settings (50), LADE_SEED the first (2026). A failure prints the number of its setting;
 * LADE_SEED=number LADE_SETS=1 runs this setting alone.
 */
#define _GNU_SOURCE /* nftw */
#include "flow/option/option_table.h"

#include "support/flow_settings.h"

START_TEST(every_option_that_shapes_the_stream_is_drawn) {
    for (const struct lade__option *o = lade__option_table; o->name; o++) {
        bool found = o->role < LADE__OPTION_SHAPES;
        for (int i = 0; i < ROWS && !found; i++)
            found = strcmp(rows[i].name, o->name) == 0;
        ck_assert_msg(found, "%s shapes the stream, but this test does not draw it: add a DRAW and a ROW", o->name);
    }
}
END_TEST

/* ---- One setting ------------------------------------------------------------------------------------------------- */

/* Stops after some batches, which discards the batches decoded ahead, and resumes in other flows. */
static struct lade_digest digest_resumed(struct setting *s) {
    struct lade_error err = {0};
    char *state = NULL;
    lade_flow *flow = open_with(s, 1 + (int)below(&s->random, 3), 0, 1);
    int64_t steps = 2 * lade_flow_steps(flow), stop = (int64_t)below(&s->random, (uint64_t)steps + 1);
    struct lade_digest sum = digest(flow, stop, s);
    ck_assert_int_eq(lade_flow_state(flow, &state, &err), LADE_OK);
    lade_flow_free(flow);
    int world = 1 + (int)below(&s->random, 3);
    for (int rank = 0; rank < world; rank++) {
        flow = open_with(s, 1 + (int)below(&s->random, 3), rank, world);
        digest(flow, 1, s); /* a flow that has begun may be resumed too */
        int status = lade_flow_resume(flow, state, &err);
        ck_assert_msg(status == LADE_OK, "setting %llu: %s", (unsigned long long)s->number, err.message);
        struct lade_digest rest = digest(flow, steps - stop, s);
        lade_digest_merge(&sum, &rest);
        lade_flow_free(flow);
    }
    lade_free(state);
    return sum;
}

static void check_same(const struct lade_digest *a, const struct lade_digest *b, const struct setting *s,
                       const char *what) {
    if (a->low == b->low && a->high == b->high)
        return;
    json_t *options = lade__options_json(&s->options, LADE__OPTION_SHAPES, 3);
    char *text = json_dumps(options, JSON_COMPACT);
    json_decref(options);
    ck_abort_msg("%s is another stream: LADE_SEED=%llu LADE_SETS=1, source %d, %s", what, (unsigned long long)s->number,
                 (int)s->source, text);
}

static void check_setting(uint64_t number) {
    struct lade_digest joined = {0}, one, other;
    struct setting s;
    draw_setting(&s, number);
    one = digest_of(&s, 1, 0, 1);
    for (int workers = 2; workers < 5; workers += 2) {
        other = digest_of(&s, workers, 0, 1);
        check_same(&one, &other, &s, workers == 2 ? "2 workers" : "4 workers");
    }
    for (int rank = 0; rank < 3; rank++) {
        other = digest_of(&s, 1 + (int)below(&s.random, 2), rank, 3);
        lade_digest_merge(&joined, &other);
    }
    check_same(&one, &joined, &s, "3 ranks joined");
    other = digest_resumed(&s);
    check_same(&one, &other, &s, "stopped and resumed");
}

static uint64_t number_from(const char *name, uint64_t usual) {
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : usual;
}

START_TEST(a_stream_is_a_function_of_its_options) {
    uint64_t sets = number_from("LADE_SETS", 50), seed = number_from("LADE_SEED", 2026);
    make_sources(mixed);
    for (uint64_t i = 0; i < sets; i++)
        check_setting(seed + i);
    drop_sources();
}
END_TEST

void check_cases(Suite *suite) {
    TCase *cases = check_case(suite, "flow property");
    tcase_add_test(cases, every_option_that_shapes_the_stream_is_drawn);
    tcase_add_test(cases, a_stream_is_a_function_of_its_options);
    tcase_add_checked_fixture(cases, tree_begin, tree_end);
    tcase_set_timeout(cases, (double)(60 + number_from("LADE_SETS", 50)));
}

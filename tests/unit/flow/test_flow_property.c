/*
 * Checks that the same options give the same bytes. A setting contains a random value for each option. For each
 * setting, the digest of two epochs must be the same
 * - with 1, 2 and 4 workers,
 * - with three ranks,
 * - if the flow stops at a random batch, and the flows of one, two or three ranks resume the state of this flow.
 *
 * The environment variable LADE_SETS is the number of settings (default: 50). LADE_SEED is the number of the first
 * setting (default: 2026). The message of a failure contains the number of the setting. To run only this setting, set
 * LADE_SEED to its number and LADE_SETS to 1.
 */
#define _GNU_SOURCE /* nftw */
#include "flow/option/option_table.h"
#include "flow/option/options.h"

#include <math.h>

#include "base/option.h"

#include "support/flow_settings.h"

/* ---- Options without a row --------------------------------------------------------------------------------------- */

/*
 * draw_described() chooses a value for an option that has no row in flow_settings.h. In half of the settings, the
 * option keeps the value 0. In the other settings, the option gets a random value from the range that the description
 * of the option contains. The logarithm of the value is uniform, so that small numbers are also likely in a range that
 * ends at a million.
 */
static double draw_number(const struct lade_option_info *o, struct lade_random *r) {
    double high = o->single && o->maximum > 2 ? 2 : o->maximum, low = o->minimum > 0 ? o->minimum : high / 1000;

    return low * pow(high / low, lade_random_double(r));
}

/* Stores number @i of an option whose type is double, float or int. */
static void store_number(const struct lade_option_info *o, void *field, int i, double value) {
    if (o->type == LADE_OPTION_DOUBLE)
        ((double *)field)[i] = value;
    else if (o->type == LADE_OPTION_FLOAT)
        ((float *)field)[i] = (float)value;
    else
        ((int *)field)[i] = (int)value;
}

static void draw_described(const struct lade_option_info *o, struct lade_flow_options *options, struct lade_random *r) {
    void *field = (char *)options + o->offset;

    if (coin(r))
        return;
    if (o->type == LADE_OPTION_BOOL) {
        *(bool *)field = true;
    } else if (o->type == LADE_OPTION_ENUM) {
        int count = 0;
        while (o->words[count].word)
            count++;
        *(int *)field = o->words[below(r, (uint64_t)count)].value;
    } else if (o->size == lade__option_size(o->type)) {
        store_number(o, field, 0, draw_number(o, r));
    } else {
        double first = draw_number(o, r), second = draw_number(o, r);
        store_number(o, field, 0, fmin(first, second));
        store_number(o, field, 1, fmax(first, second));
    }
}

static bool can_be_drawn(const struct lade_option_info *o) {
    bool number = o->type == LADE_OPTION_DOUBLE || o->type == LADE_OPTION_FLOAT || o->type == LADE_OPTION_INT;

    return number || o->type == LADE_OPTION_BOOL || (o->type == LADE_OPTION_ENUM && o->words);
}

static bool has_row(const struct lade_option_info *o) {
    for (int i = 0; i < ROWS; i++)
        if (strcmp(rows[i].name, o->name) == 0)
            return true;
    return false;
}

START_TEST(every_option_that_changes_the_stream_is_drawn) {
    const struct lade_option_info *o;

    for (int i = 0; (o = lade_flow_option_info(i)); i++)
        ck_assert_msg(o->role < LADE_OPTION_STREAM || has_row(o) || can_be_drawn(o),
                      "%s changes batches, but has no random values: add a DRAW and a ROW to flow_settings.h", o->name);
}
END_TEST

/* Each value that draw_described() draws must pass the check of the option. This test also draws options that have a
   row in flow_settings.h. */
START_TEST(drawn_values_are_allowed) {
    const struct lade_option_info *o;
    struct lade_random random;

    lade_random_init(&random, 1, 0, 0, LADE_RANDOM_USER);
    for (int i = 0; (o = lade_flow_option_info(i)); i++)
        for (int k = 0; k < 50 && o->random && can_be_drawn(o); k++) {
            struct lade_flow_options options = {0};
            struct lade_error err = {0};
            draw_described(o, &options, &random);
            ck_assert_msg(lade__option_check(o, &options, &err) == LADE_OK, "%s", err.message);
        }
}
END_TEST

/* ---- One setting ------------------------------------------------------------------------------------------------- */

/* Returns the digest of two epochs with an interruption. A flow stops after some batches, and the flows of one to three
   ranks resume the state of this flow. Batches that the workers of the first flow have decoded in advance are lost. */
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
        digest(flow, 1, s); /* the new flow may deliver batches before it resumes the state */
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
    json_t *options = lade__options_json(&s->options, LADE_OPTION_STREAM, 3);
    char *text = json_dumps(options, JSON_COMPACT);
    json_decref(options);
    ck_abort_msg("%s: the batches differ. To repeat: LADE_SEED=%llu LADE_SETS=1. Source %d, %s", what,
                 (unsigned long long)s->number, (int)s->source, text);
}

/* Returns true if a flow can be made with these options. Some options exclude each other, and drop_last needs enough
   samples. */
static bool is_possible(enum source source, const struct lade_flow_options *options) {
    lade_flow *flow = open_source(source, options, NULL);
    lade_flow_free(flow);
    return flow != NULL;
}

static void check_setting(uint64_t number) {
    struct lade_digest joined = {0}, one, other;
    struct setting s;
    draw_setting(&s, number);
    for (int i = 0; lade_flow_option_info(i); i++) {
        const struct lade_option_info *o = lade_flow_option_info(i);
        struct lade_flow_options changed = s.options;
        if (o->role < LADE_OPTION_STREAM || has_row(o))
            continue;
        draw_described(o, &changed, &s.random);
        if (is_possible(s.source, &changed))
            s.options = changed;
    }
    if (s.source != FOLDERS && s.options.order == LADE_ORDER_SORTED && coin(&s.random))
        s.options.order = LADE_ORDER_WEIGHTED; /* flow_settings.h does not draw this order */
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

static uint64_t number_from(const char *name, uint64_t default_number) {
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : default_number;
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
    tcase_add_test(cases, every_option_that_changes_the_stream_is_drawn);
    tcase_add_test(cases, drawn_values_are_allowed);
    tcase_add_test(cases, a_stream_is_a_function_of_its_options);
    tcase_add_checked_fixture(cases, tree_begin, tree_end);
    tcase_set_timeout(cases, (double)(60 + number_from("LADE_SETS", 50)));
}

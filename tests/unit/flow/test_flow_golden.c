/*
 * Checks that the bytes of batches and the saved states have not changed since earlier versions. The tests use 50
 * random settings of the options. tests/golden/digests.txt contains the digest of the batches of each setting.
 * tests/golden/states.txt contains the saved states of some of these settings, after one epoch and one batch.
 *
 * With LADE_WRITE_GOLDEN=1, this program writes the two files again. Do this only if CHANGELOG.md announces that the
 * bytes change.
 */
#define _GNU_SOURCE /* nftw */
#include <jansson.h>

#include "support/flow_settings.h"
#include "source_dir.h"

enum { FIRST = 2026, SETTINGS = 50, STATES = 8 };

static const char digests_path[] = LADE_SOURCE_DIR "/tests/golden/digests.txt";
static const char states_path[] = LADE_SOURCE_DIR "/tests/golden/states.txt";

static FILE *open_golden(const char *path) {
    FILE *f = fopen(path, getenv("LADE_WRITE_GOLDEN") ? "w" : "r");
    ck_assert_msg(f != NULL, "%s cannot be opened", path);
    return f;
}

/* Makes a line from the number and the text, and compares the line with the next line of the file. If LADE_WRITE_GOLDEN
   is set, writes the line to the file instead. */
static void check_line(FILE *f, uint64_t number, const char *text) {
    unsigned long long number_there;
    char there[64];
    if (getenv("LADE_WRITE_GOLDEN")) {
        fprintf(f, "%llu %s\n", (unsigned long long)number, text);
        return;
    }
    ck_assert_int_eq(fscanf(f, "%llu %63s", &number_there, there), 2);
    ck_assert_uint_eq(number_there, number);
    ck_assert_msg(strcmp(there, text) == 0, "setting %llu: got %s, but the file contains %s", number_there, text,
                  there);
}

START_TEST(digests_stay_the_same) {
    FILE *f = open_golden(digests_path);
    make_sources(lossless);
    for (uint64_t number = FIRST; number < FIRST + SETTINGS; number++) {
        struct setting s;
        char text[33];
        draw_setting(&s, number);
        struct lade_digest d = digest_of(&s, 2, 0, 1);
        lade_digest_text(&d, text);
        check_line(f, number, text);
    }
    drop_sources();
    ck_assert_int_eq(fclose(f), 0);
}
END_TEST

/* Returns the digest of two epochs. After one epoch and one batch, the function saves the state in *state and makes a
   new flow. The new flow resumes the state @resumed, or *state if @resumed is NULL. The caller must free *state with
   lade_free(). */
static struct lade_digest digest_interrupted(const struct setting *s, const char *resumed, char **state) {
    struct lade_error err = {0};
    lade_flow *flow = open_with(s, 1, 0, 1);
    int64_t steps = lade_flow_steps(flow);
    struct lade_digest sum = digest(flow, steps + 1, s), rest;
    ck_assert_int_eq(lade_flow_state(flow, state, &err), LADE_OK);
    lade_flow_free(flow);
    flow = open_with(s, 1, 0, 1);
    int status = lade_flow_resume(flow, resumed ? resumed : *state, &err);
    ck_assert_msg(status == LADE_OK, "setting %llu: %s", (unsigned long long)s->number, err.message);
    rest = digest(flow, steps - 1, s);
    lade_digest_merge(&sum, &rest);
    lade_flow_free(flow);
    return sum;
}

/*
 * Compares two states, which are JSON objects. The order of the keys and the spelling of numbers may differ. Options
 * that the golden state does not contain are not compared, because later versions added these options.
 */
static void check_same_json(const char *text, const char *golden) {
    json_t *a = json_loads(text, 0, NULL), *b = json_loads(golden, 0, NULL);
    json_t *was = json_object_get(b, "options"), *is = json_object_get(a, "options");
    /* The states are older than the default of exif_orientation. */
    json_object_set(was, "exif_orientation", json_object_get(is, "exif_orientation"));
    json_object_update_missing(was, is);
    ck_assert_msg(a && b && json_equal(a, b), "the state is\n%s\nand was\n%s", text, golden);
    json_decref(a);
    json_decref(b);
}

START_TEST(states_stay_the_same) {
    static char golden[16384];
    FILE *f = open_golden(states_path);
    bool writing = getenv("LADE_WRITE_GOLDEN");
    make_sources(lossless);
    for (uint64_t number = FIRST; number < FIRST + STATES; number++) {
        struct setting s;
        char *state = NULL;
        draw_setting(&s, number);
        if (!writing)
            ck_assert_ptr_nonnull(fgets(golden, sizeof golden, f));
        struct lade_digest whole = digest_of(&s, 1, 0, 1);
        struct lade_digest parts = digest_interrupted(&s, writing ? NULL : golden, &state);
        check_digests(&s, "interrupted", whole, parts);
        if (writing)
            fprintf(f, "%s\n", state);
        else
            check_same_json(state, golden);
        lade_free(state);
    }
    drop_sources();
    ck_assert_int_eq(fclose(f), 0);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "flow golden");
    tcase_add_test(tcase, digests_stay_the_same);
    tcase_add_test(tcase, states_stay_the_same);
}

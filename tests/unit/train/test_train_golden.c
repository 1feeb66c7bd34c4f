/*
 * Checks that files of an earlier version can be read, and that new files have the same layout.
 * tests/golden/net.safetensors is a net. tests/golden/checkpoint.safetensors is a training run that was stopped in its
 * second epoch.
 *
 * With LADE_WRITE_GOLDEN=1, this program writes the two files again. Do this only if CHANGELOG.md announces that the
 * format changes.
 */
#include <jansson.h>

#include "support/train_run.h"
#include "source_dir.h"

static const char golden_net[] = LADE_SOURCE_DIR "/tests/golden/net.safetensors";
static const char golden_checkpoint[] = LADE_SOURCE_DIR "/tests/golden/checkpoint.safetensors";

/* ---- A net ------------------------------------------------------------------------------------------------------- */

START_TEST(a_net_is_read_and_written_again) {
    static const char *const names[] = {"one", "two", "three"};
    struct lade_error err = {0};
    const struct lade_net_options options = {.seed = 5, .threads = 1, .class_names = names};
    bool writing = getenv("LADE_WRITE_GOLDEN");
    lade_net *net = writing ? lade_net_new("dense 4, batchnorm, relu, dense 3", 1, (int64_t[]){2}, &options, &err)
                            : lade_net_load(golden_net, 1, &err);
    ck_assert_msg(net != NULL, "%s", err.message);
    ck_assert_int_eq(lade_net_save(net, writing ? golden_net : toy_path, &err), LADE_OK);
    lade_net_free(net);
    if (writing)
        return;
    ck_assert_msg(toy_same_files(toy_path, golden_net), "the new file differs from %s", golden_net);
}
END_TEST

/* ---- A run ------------------------------------------------------------------------------------------------------- */

enum { EPOCHS = 2, STEPS = 5, STOP = 7 };

/* Trains a net and saves the run in the file @checkpoint. If @resume is NULL, the run begins with a new net. Otherwise,
   the run in the file @resume is continued. The run stops after STOP steps or at its end. Returns the number of
   steps. */
static int train(const char *resume, const char *checkpoint) {
    struct toy toy = {.arms = 3, .batch = 12, .steps = STEPS, .seed = 1}, test = {.arms = 3, .batch = 9, .steps = 2};
    struct lade_error err = {0};
    lade_net *net = resume ? lade_net_load(resume, 1, &err) : toy_net("dense 8, batchnorm, relu, dense 3", 1);
    ck_assert_msg(net != NULL, "%s", err.message);
    const float class_weight[3] = {1, 2, 1};
    const struct lade_fit_options fit = {.optimizer = {LADE_ADAM, .weight_decay = .01f},
                                         .schedule = {LADE_COSINE, .warmup = 3},
                                         .class_weight = class_weight,
                                         .accumulate = 2,
                                         .epochs = EPOCHS,
                                         .yield_every = 1,
                                         .validation = toy_source(&test),
                                         .checkpoint = checkpoint,
                                         .resume = resume,
                                         .allow_different = true};
    int steps = 0;
    lade_for_each (m, lade_fit(net, toy_source(&toy), &fit), &err)
        if (++steps == STOP)
            break;
    ck_assert_msg(err.code == LADE_OK, "%s", err.message);
    toy_close(&toy);
    toy_close(&test);
    lade_net_free(net);
    return steps;
}

START_TEST(a_run_is_resumed) {
    if (!getenv("LADE_WRITE_GOLDEN"))
        ck_assert_int_eq(train(golden_checkpoint, toy_path), EPOCHS * STEPS - STOP);
}
END_TEST

/* Returns the JSON header of a file. The value of "lade.run" in the header is JSON text, which is also parsed. */
static json_t *header(const char *name) {
    size_t n;
    char *bytes = toy_read_file(name, &n);
    size_t length = (unsigned char)bytes[0] | (unsigned char)bytes[1] << 8;
    ck_assert_uint_le(8 + length, n);
    json_t *all = json_loadb(bytes + 8, length, 0, NULL), *meta = json_object_get(all, "__metadata__");
    json_t *run = json_loads(json_string_value(json_object_get(meta, "lade.run")), 0, NULL);
    ck_assert(json_is_object(meta) && json_is_object(run));
    json_object_set_new(meta, "lade.run", run);
    free(bytes);
    return all;
}

/* Checks that the header @now has the keys and the values of the header @before. Later versions may add keys. Numbers
   with a fraction are not compared, because they depend on the CPU. */
static void check_layout(const json_t *now, const json_t *before, const char *key) {
    const char *name;
    json_t *value;
    ck_assert_msg(json_typeof(now) == json_typeof(before), "the type of \"%s\" has changed", key);
    if (json_is_object(now)) {
        ck_assert_msg(json_object_size(now) >= json_object_size(before), "\"%s\" has fewer keys", key);
        json_object_foreach ((json_t *)before, name, value) {
            ck_assert_msg(json_object_get(now, name) != NULL, "\"%s\" is no longer in \"%s\"", name, key);
            check_layout(json_object_get(now, name), value, name);
        }
    } else if (json_is_array(now)) {
        ck_assert_msg(json_array_size(now) == json_array_size(before), "the length of \"%s\" has changed", key);
        for (size_t i = 0; i < json_array_size(now); i++)
            check_layout(json_array_get(now, i), json_array_get(before, i), key);
    } else if (!json_is_real(now) && strcmp(key, "kernels") != 0) /* "kernels" has the version of oneDNN */
        ck_assert_msg(json_equal(now, before), "the value of \"%s\" has changed", key);
}

START_TEST(a_checkpoint_has_the_same_layout) {
    bool writing = getenv("LADE_WRITE_GOLDEN");
    ck_assert_int_eq(train(NULL, writing ? golden_checkpoint : toy_path), STOP);
    if (writing)
        return;
    json_t *now = header(toy_path), *before = header(golden_checkpoint);
    check_layout(now, before, "the header");
    json_decref(now);
    json_decref(before);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "train golden");
    tcase_add_checked_fixture(tcase, toy_make_files, toy_remove_files);
    tcase_add_test(tcase, a_net_is_read_and_written_again);
    tcase_add_test(tcase, a_run_is_resumed);
    tcase_add_test(tcase, a_checkpoint_has_the_same_layout);
}

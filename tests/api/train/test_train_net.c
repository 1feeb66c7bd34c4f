/* Tests of nets: creation from a specification, descriptions, predictions, saving and loading. */
#include "support/train_run.h"

#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(info_has_the_options) {
    static const char *const names[] = {"cat", "dog", "eel"};
    char spec[] = "dense 5, relu, dense 3";
    struct lade_net_options options = {.seed = 9, .threads = 1, .class_names = names};
    lade_net *net = lade_net_new(spec, 2, (int64_t[]){4, 2}, &options, NULL);
    spec[0] = 'x'; /* the net has its own copy of the specification */
    const struct lade_net_info *info = lade_net_info(net);
    ck_assert_str_eq(info->spec, "dense 5, relu, dense 3");
    ck_assert_int_eq(info->sample_ndim, 2);
    ck_assert_int_eq(info->sample_shape[0], 4);
    ck_assert_int_eq(info->sample_shape[1], 2);
    ck_assert_int_eq(info->outputs, 3);
    ck_assert_int_eq(info->parameters, 8 * 5 + 5 + 5 * 3 + 3);
    ck_assert_int_eq(info->layers, 3);
    ck_assert_uint_eq(info->seed, 9);
    ck_assert_int_eq(info->loss, LADE_SOFTMAX_CROSS_ENTROPY);
    ck_assert_int_eq(info->threads, 1);
    ck_assert_int_eq(info->class_names_count, 3);
    ck_assert_str_eq(info->class_names[2], "eel");
    lade_net_free(net);

    net = lade_net_new("dense 1", 1, (int64_t[]){4}, NULL, NULL);
    ck_assert_int_eq(lade_net_info(net)->loss, LADE_BINARY_CROSS_ENTROPY);
    ck_assert_int_ge(lade_net_info(net)->threads, 1);
    ck_assert_ptr_null(lade_net_info(net)->class_names);
    lade_net_free(net);
    lade_net_free(NULL);
}
END_TEST

START_TEST(invalid_options_are_refused) {
    static const struct {
        struct lade_net_options options;
        const char *subject;
    } cases[] = {{{.loss = LADE_LOSS_COUNT}, "loss"}, {{.threads = -1}, "threads"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lade_error err = {0};
        ck_assert_ptr_null(lade_net_new("dense 3", 1, (int64_t[]){2}, &cases[i].options, &err));
        ck_assert_int_eq(err.code, LADE_EINVAL);
        ck_assert_str_eq(err.subject, cases[i].subject);
    }
    static const char *const latin[] = {"a", "b\xe9", "c"}; /* not UTF-8 */
    struct lade_error err = {0};
    ck_assert_ptr_null(
        lade_net_new("dense 3", 1, (int64_t[]){2}, &(struct lade_net_options){.class_names = latin}, &err));
    ck_assert_int_eq(err.code, LADE_EINVAL);
    ck_assert_str_eq(err.subject, "class_names");
    ck_assert_msg(strstr(err.message, "class 1"), "%s", err.message);
    static const char *const two[] = {"a", "b", NULL, "d"};
    for (int count = 0; count <= 4; count += 2) {
        const struct lade_net_options options = {.class_names = two, .class_names_count = count};
        ck_assert_ptr_null(lade_net_new("dense 3", 1, (int64_t[]){2}, &options, &err));
        ck_assert_int_eq(err.code, LADE_EINVAL);
        ck_assert_str_eq(err.subject, "class_names");
    }
    ck_assert_ptr_null(lade_net_new("dense 3, rleu", 1, (int64_t[]){2}, NULL, &err));
    ck_assert_int_eq(err.code, LADE_EINVAL);
    ck_assert_str_eq(err.subject, "rleu");
}
END_TEST

/* The decimal separator of a dropout rate is a point in every locale. */
START_TEST(a_specification_is_the_same_in_every_locale) {
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8") && !setlocale(LC_ALL, "de_DE.utf8"))
        CHECK_SKIP("no locale with a decimal comma");
    struct lade_error err = {0};
    lade_net *net = lade_net_new("dropout 0.5, dense 3", 1, (int64_t[]){2}, NULL, &err);
    setlocale(LC_ALL, "C");
    ck_assert_msg(net != NULL, "%s", err.message);
    lade_net_free(net);
}
END_TEST

START_TEST(the_description_is_a_table) {
    lade_net *net = lade_net_new("dense 512, relu, dense 10", 3, (int64_t[]){32, 32, 3}, NULL, NULL);
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    ck_assert_int_eq(lade_net_describe(net, f), LADE_OK);
    fclose(f);
    static const char *const want[] = {"32x32x3",   "dense 512", "1573376", "relu",
                                       "dense 10 ", "5130",      "1578506", "loss: softmax_cross_entropy\n"};
    const char *at = text;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        at = strstr(at, want[i]);
        ck_assert_msg(at != NULL, "%s is missing, or the lines have the wrong order:\n%s", want[i], text);
    }
    free(text);
    f = fopen("/dev/full", "w");
    setvbuf(f, NULL, _IONBF, 0);
    ck_assert_int_eq(lade_net_describe(net, f), LADE_EIO);
    fclose(f);
    lade_net_free(net);
}
END_TEST

START_TEST(the_description_shows_branches) {
    static const char want[] = "layer                            output            parameters\n"
                               "           input                 4                           \n"
                               "0          dense 3               3                         15\n"
                               "1          residual              3                          0\n"
                               "1.0.0        concat              6                          0\n"
                               "1.0.0.0.0      tanh              3                          0\n"
                               "1.0.0.1        identity\n"
                               "1.0.1        dense 3             3                         21\n"
                               "1.1          identity\n"
                               "2          relu                  3                          0\n"
                               "           in all                                          36\n"
                               "loss: softmax_cross_entropy\n";
    lade_net *net = lade_net_new("dense 3, residual(concat(tanh | ), dense 3 | ), relu", 1, (int64_t[]){4}, NULL, NULL);
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    ck_assert_int_eq(lade_net_describe(net, f), LADE_OK);
    fclose(f);
    ck_assert_str_eq(text, want);
    free(text);
    lade_net_free(net);
}
END_TEST

/* The initial weights and biases have the same distribution as with kaiming_uniform(a = sqrt(5)) of PyTorch: uniform
 * from -1 / sqrt(inputs) to 1 / sqrt(inputs). If a sample is a unit vector, each output of a net with one layer is a
 * function of one weight and one bias. */
START_TEST(initial_parameters_have_the_documented_distribution) {
    enum { INPUTS = 64, OUTPUTS = 500 };
    struct lade_net_options options = {.seed = 4, .loss = LADE_BINARY_CROSS_ENTROPY, .threads = 1};
    char spec[32];
    snprintf(spec, sizeof spec, "dense %d", OUTPUTS);
    lade_net *net = lade_net_new(spec, 1, (int64_t[]){INPUTS}, &options, NULL);
    struct lade_tensor *x = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){INPUTS + 1, INPUTS});
    float *out = calloc((INPUTS + 1) * OUTPUTS, sizeof *out), *in = lade_tensor_data(x);
    for (int i = 0; i < INPUTS; i++)
        in[(i + 1) * INPUTS + i] = 1; /* the first sample contains only zeros, so its outputs are the biases */
    ck_assert_int_eq(lade_net_predict(net, x, out, NULL), LADE_OK);
    double sum = 0, squares = 0, largest = 0;
    for (int i = 0; i < INPUTS * OUTPUTS; i++) {
        double bias = log((double)out[i % OUTPUTS] / (1 - (double)out[i % OUTPUTS]));
        double z = log((double)out[i + OUTPUTS] / (1 - (double)out[i + OUTPUTS])), w = z - bias;
        sum += w;
        squares += w * w;
        largest = fmax(largest, fmax(fabs(w), fabs(bias)));
    }
    double bound = 1 / sqrt(INPUTS), count = INPUTS * OUTPUTS;
    ck_assert_double_lt(largest, bound * (1 + 1e-4));
    ck_assert_double_gt(largest, bound * 0.999);
    ck_assert_double_lt(fabs(sum / count), 4 * bound / sqrt(3 * count));
    ck_assert_double_eq_tol(squares / count, bound * bound / 3, 0.02 * bound * bound);
    free(out);
    lade_tensor_unref(x);
    lade_net_free(net);
}
END_TEST

/* ---- Predictions ------------------------------------------------------------------------------------------------- */

static struct lade_tensor *ramp(enum lade_dtype dtype, int64_t n) {
    struct lade_tensor *x = lade_tensor_new(dtype, 4, (int64_t[]){n, 2, 2, 3});
    for (int64_t i = 0; i < n * 12; i++) {
        int v = (int)(i * 37 % 256);
        if (dtype == LADE_UINT8)
            ((uint8_t *)lade_tensor_data(x))[i] = (uint8_t)v;
        else
            ((float *)lade_tensor_data(x))[i] = (float)v / 255;
    }
    return x;
}

START_TEST(predictions_are_probabilities) {
    lade_net *net =
        lade_net_new("dense 8, relu, dense 4", 3, (int64_t[]){2, 2, 3}, &(struct lade_net_options){.threads = 1}, NULL);
    enum { N = 700 }; /* more samples than lade_net_predict() computes at a time */
    struct lade_tensor *x = ramp(LADE_FLOAT32, N), *bytes = ramp(LADE_UINT8, N);
    float(*p)[4] = calloc(N, sizeof *p), (*q)[4] = calloc(N, sizeof *q), one[4];
    ck_assert_int_eq(lade_net_predict(net, x, &p[0][0], NULL), LADE_OK);
    for (int i = 0; i < N; i++) {
        double sum = 0;
        for (int j = 0; j < 4; j++) {
            ck_assert(p[i][j] > 0 && p[i][j] < 1);
            sum += (double)p[i][j];
        }
        ck_assert_double_eq_tol(sum, 1, 5e-6);
    }
    ck_assert_int_eq(lade_net_predict(net, bytes, &q[0][0], NULL), LADE_OK); /* bytes are divided by 255 */
    ck_assert_mem_eq(p, q, N * sizeof *p);
    for (int i = 0; i < N; i += 233) { /* a single sample has the same result as in a batch, except for rounding */
        struct lade_tensor *alone = lade_tensor_wrap((float *)lade_tensor_data(x) + i * 12, LADE_FLOAT32, 4,
                                                     (int64_t[]){1, 2, 2, 3}, NULL, NULL);
        ck_assert_int_eq(lade_net_predict(net, alone, one, NULL), LADE_OK);
        for (int j = 0; j < 4; j++)
            ck_assert_double_eq_tol((double)one[j], (double)p[i][j], 1e-6);
        lade_tensor_unref(alone);
    }
    free(p);
    free(q);
    lade_tensor_unref(x);
    lade_tensor_unref(bytes);
    lade_net_free(net);
}
END_TEST

START_TEST(samples_that_do_not_fit_are_refused) {
    lade_net *net = lade_net_new("dense 4", 3, (int64_t[]){2, 2, 3}, &(struct lade_net_options){.threads = 1}, NULL);
    static const struct {
        enum lade_dtype dtype;
        int ndim;
        int64_t shape[4];
        const char *value;
    } cases[] = {{LADE_FLOAT32, 4, {5, 2, 2, 1}, "2x2x1"},
                 {LADE_FLOAT32, 2, {5, 12}, "12"},
                 {LADE_FLOAT32, 0, {0}, "2x2x3"},
                 {LADE_FLOAT64, 4, {5, 2, 2, 3}, "float64"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lade_tensor *x = lade_tensor_new(cases[i].dtype, cases[i].ndim, cases[i].shape);
        struct lade_error err = {0};
        float out[20];
        ck_assert_int_eq(lade_net_predict(net, x, out, &err), LADE_EINVAL);
        ck_assert_str_eq(err.subject, "x");
        ck_assert_msg(strstr(err.message, cases[i].value), "%s", err.message);
        lade_tensor_unref(x);
    }
    struct lade_tensor *none = lade_tensor_new(LADE_FLOAT32, 4, (int64_t[]){0, 2, 2, 3});
    ck_assert_int_eq(lade_net_predict(net, none, NULL, NULL), LADE_OK);
    lade_tensor_unref(none);
    lade_net_free(net);
}
END_TEST

START_TEST(labels_that_do_not_fit_are_refused) {
    lade_net *nets[] = {toy_net("dense 3", 1), toy_net("dense 1", 1)};
    static const struct {
        int net;
        int64_t columns;
        float label;
        const char *subject, *value;
    } cases[] = {{0, 2, 0, "y", "2 columns"},
                 {0, 1, 3, "y", "sample 41 has the label 3"},
                 {0, 1, -1, "y", "-1"},
                 {0, 1, .5f, "y", "0.5"},
                 {0, 1, NAN, "y", "nan"},
                 {0, 3, 2, "y", "sample 41 has the label 2"},
                 {0, 3, NAN, "y", "nan"},
                 {1, 1, -1, "y", "-1"},
                 {1, 1, 2, "y", "2"},
                 {1, 3, 0, "y", "3 columns"},
                 {0, 0, 0, "class_mode", "none"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        lade_net *net = nets[cases[i].net];
        int64_t columns = cases[i].columns;
        struct lade_batch b = {.x = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){2, 2}),
                               .y = columns ? lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){2, columns}) : NULL,
                               .indices = (int64_t[]){40, 41},
                               .n = 2,
                               .refs = 1};
        if (b.y)
            ((float *)lade_tensor_data(b.y))[columns] = cases[i].label;
        struct lade_source source = {.next = toy_same_batch,
                                     .ctx = &b,
                                     .steps = 1,
                                     .classes = lade_net_info(net)->outputs,
                                     .sample_ndim = 1,
                                     .sample_shape = {2}};
        struct lade_score score;
        struct lade_error err = {0};
        ck_assert_int_eq(lade_net_evaluate(net, source, 0, &score, &err), LADE_EINVAL);
        ck_assert_str_eq(err.subject, cases[i].subject);
        ck_assert_msg(strstr(err.message, cases[i].value), "%s", err.message);
        lade_tensor_unref(b.x);
        lade_tensor_unref(b.y);
    }
    lade_net_free(nets[0]);
    lade_net_free(nets[1]);
}
END_TEST

/* ---- Files ------------------------------------------------------------------------------------------------------- */

START_TEST(a_loaded_net_is_the_saved_one) {
    static const char *const names[] = {"Katze", "\"Hund\"", "a\xc3\xa4l"};
    struct lade_net_options options = {.seed = UINT64_MAX, .threads = 1, .class_names = names};
    lade_net *net = lade_net_new("flatten, dense 8, relu, dense 3", 3, (int64_t[]){2, 2, 3}, &options, NULL);
    struct lade_error err = {0};
    ck_assert_msg(lade_net_save(net, toy_path, &err) == LADE_OK, "%s", err.message);
    lade_net *loaded = lade_net_load(toy_path, 1, &err);
    ck_assert_msg(loaded != NULL, "%s", err.message);

    const struct lade_net_info *a = lade_net_info(net), *b = lade_net_info(loaded);
    ck_assert_str_eq(a->spec, b->spec);
    ck_assert_int_eq(a->sample_ndim, b->sample_ndim);
    ck_assert_mem_eq(a->sample_shape, b->sample_shape, sizeof a->sample_shape);
    ck_assert_int_eq(a->parameters, b->parameters);
    ck_assert_int_eq(a->loss, b->loss);
    ck_assert_uint_eq(a->seed, b->seed);
    ck_assert_int_eq(b->class_names_count, 3);
    for (int i = 0; i < 3; i++)
        ck_assert_str_eq(names[i], b->class_names[i]);

    struct lade_tensor *x = ramp(LADE_FLOAT32, 33);
    float p[33 * 3], q[33 * 3];
    ck_assert_int_eq(lade_net_predict(net, x, p, NULL), LADE_OK);
    ck_assert_int_eq(lade_net_predict(loaded, x, q, NULL), LADE_OK);
    ck_assert_mem_eq(p, q, sizeof p);
    lade_tensor_unref(x);

    char again[80];
    size_t size, size_again;
    snprintf(again, sizeof again, "%s.again", toy_path);
    ck_assert_int_eq(lade_net_save(loaded, again, NULL), LADE_OK); /* the bytes of the file depend only on the net */
    char *bytes = toy_read_file(toy_path, &size), *bytes_again = toy_read_file(again, &size_again);
    ck_assert_uint_eq(size, size_again);
    ck_assert_mem_eq(bytes, bytes_again, size);
    free(bytes);
    free(bytes_again);
    unlink(again);
    lade_net_free(net);
    lade_net_free(loaded);
}
END_TEST

START_TEST(same_seed_same_file) {
    size_t size[3];
    char *bytes[3];
    for (int i = 0; i < 3; i++) {
        lade_net *net = toy_net("dense 8, relu, dense 3", i == 2);
        ck_assert_int_eq(lade_net_save(net, toy_path, NULL), LADE_OK);
        lade_net_free(net);
        bytes[i] = toy_read_file(toy_path, &size[i]);
    }
    ck_assert_uint_eq(size[0], size[1]);
    ck_assert_uint_eq(size[0], size[2]);
    ck_assert_mem_eq(bytes[0], bytes[1], size[0]);
    ck_assert_mem_ne(bytes[0], bytes[2], size[0]);
    for (int i = 0; i < 3; i++)
        free(bytes[i]);
}
END_TEST

START_TEST(a_path_that_cannot_be_written_is_an_error) {
    lade_net *net = toy_net("dense 3", 1);
    struct lade_error err = {0};
    ck_assert_int_eq(lade_net_save(net, "/no such folder/net.safetensors", &err), LADE_ENOENT);
    ck_assert_msg(strstr(err.message, "/no such folder/net.safetensors") != NULL, "%s", err.message);
    ck_assert_int_eq(lade_net_save(net, "/dev/full", &err), LADE_EIO);
    ck_assert_int_eq(lade_net_save(net, toy_folder, &err), LADE_EIO); /* a directory */
    lade_net_free(net);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "net");
    tcase_add_test(tcase, info_has_the_options);
    tcase_add_test(tcase, invalid_options_are_refused);
    tcase_add_test(tcase, a_specification_is_the_same_in_every_locale);
    tcase_add_test(tcase, the_description_is_a_table);
    tcase_add_test(tcase, the_description_shows_branches);
    tcase_add_test(tcase, initial_parameters_have_the_documented_distribution);
    tcase_add_test(tcase, predictions_are_probabilities);
    tcase_add_test(tcase, samples_that_do_not_fit_are_refused);
    tcase_add_test(tcase, labels_that_do_not_fit_are_refused);
    TCase *files = check_case(suite, "files");
    tcase_add_checked_fixture(files, toy_make_files, toy_remove_files);
    tcase_add_test(files, a_loaded_net_is_the_saved_one);
    tcase_add_test(files, same_seed_same_file);
    tcase_add_test(files, a_path_that_cannot_be_written_is_an_error);
}

/* Tests of the specifications of nets. The tests check the layers, shapes and parameters of valid specifications, and
   the errors of invalid specifications. */
#include "train/spec/spec.h"

#include <stdlib.h>
#include <string.h>

#include "support/check_main.h"

static const struct lade__shape image = {3, {32, 32, 3}};

START_TEST(layers_shapes_and_parameters) {
    struct lade__spec d;
    ck_assert_int_eq(lade__spec_init(&d, " flatten,\n dense\t512 ,relu, dense 10 ", &image, false, NULL), LADE_OK);
    ck_assert_int_eq(d.layer_count, 4);
    ck_assert_str_eq(d.layers[0].kind->word, "flatten");
    ck_assert_int_eq(d.layers[0].out.ndim, 1);
    ck_assert_int_eq(d.layers[0].out.size[0], 3072);
    ck_assert_str_eq(d.layers[1].kind->word, "dense");
    ck_assert_int_eq(d.layers[1].outputs, 512);
    ck_assert_int_eq(d.layers[2].out.size[0], 512);
    ck_assert_int_eq(d.out.ndim, 1);
    ck_assert_int_eq(d.out.size[0], 10);
    ck_assert_int_eq(d.parameter_count, 4);
    ck_assert_int_eq(d.trainable_count, 512 * 3072 + 512 + 10 * 512 + 10);

    static const struct {
        const char *path, *name;
        int ndim;
        int64_t shape[2], fan_in;
    } want[] = {{"1", "weight", 2, {512, 3072}, 3072},
                {"1", "bias", 1, {512}, 3072},
                {"3", "weight", 2, {10, 512}, 512},
                {"3", "bias", 1, {10}, 512}};
    size_t end = 0;
    for (int i = 0; i < 4; i++) {
        const struct lade__parameter *p = &d.parameters[i];
        ck_assert_str_eq(p->path, want[i].path);
        ck_assert_str_eq(p->name, want[i].name);
        ck_assert_int_eq(p->fan_in, want[i].fan_in);
        ck_assert_int_eq(p->shape.ndim, want[i].ndim);
        ck_assert_mem_eq(p->shape.size, want[i].shape, (size_t)want[i].ndim * sizeof(int64_t));
        ck_assert_uint_eq(p->offset % 16, 0);
        ck_assert_uint_ge(p->offset, end);
        end = p->offset + (size_t)lade__shape_count(&p->shape);
    }
    ck_assert_uint_ge(d.block_floats, end);
    ck_assert_uint_eq(d.block_floats % 16, 0);
    lade__spec_release(&d);
}
END_TEST

START_TEST(a_net_may_have_no_parameters) {
    struct lade__spec d;
    ck_assert_int_eq(lade__spec_init(&d, "relu", &image, false, NULL), LADE_OK);
    ck_assert_int_eq(d.trainable_count, 0);
    ck_assert(lade__shape_equal(&d.out, &image));
    lade__spec_release(&d);
}
END_TEST

START_TEST(images_get_the_documented_sizes) {
    static const struct {
        const char *spec;
        int64_t want[3];
    } cases[] = {{"conv 8 3", {30, 30, 8}},
                 {"conv 8 3 same", {32, 32, 8}},
                 {"conv 8 4 same stride 3", {11, 11, 8}},
                 {"conv 6 5 stride 2 valid groups 3", {14, 14, 6}},
                 {"maxpool 2", {16, 16, 3}},
                 {"avgpool 3", {10, 10, 3}},
                 {"maxpool 3 same", {11, 11, 3}},
                 {"avgpool 3 stride 1", {30, 30, 3}},
                 {"avgpool 32767 same", {1, 1, 3}},
                 {"batchnorm", {32, 32, 3}},
                 {"dropout 0.5", {32, 32, 3}}};
    for (int first = 0; first < 2; first++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct lade__shape in = first ? (struct lade__shape){3, {3, 32, 32}} : image;
            struct lade__spec d;
            ck_assert_int_eq(lade__spec_init(&d, cases[i].spec, &in, first, NULL), LADE_OK);
            ck_assert_int_eq(d.out.ndim, 3);
            for (int j = 0; j < 3; j++)
                ck_assert_msg(d.out.size[j] == cases[i].want[first ? (j + 2) % 3 : j], "%s: %d", cases[i].spec,
                              (int)d.out.size[j]);
            lade__spec_release(&d);
        }
    struct lade__spec d;
    ck_assert_int_eq(lade__spec_init(&d, "conv 8 3, batchnorm, globalavgpool", &image, false, NULL), LADE_OK);
    ck_assert_int_eq(d.out.ndim, 1);
    ck_assert_int_eq(d.out.size[0], 8);
    ck_assert_int_eq(d.trainable_count, 8 * 3 * 9 + 8 + 8 + 8);
    ck_assert_uint_eq(d.trainable_floats, d.parameters[4].offset); /* the buffers come after the trainable parameters */
    ck_assert_str_eq(d.parameters[5].name, "running_var");
    lade__spec_release(&d);
}
END_TEST

/* ---- Branches ---------------------------------------------------------------------------------------------------- */

START_TEST(layers_with_branches_name_their_inputs) {
    struct lade__spec d;
    ck_assert_int_eq(lade__spec_init(&d, "conv 4 1,residual ( conv 4 1 , relu|) , concat(dense 2|tanh, dense 3)",
                                     &image, false, NULL),
                     LADE_OK);
    static const struct {
        const char *word;
        int count, inputs[2], uses;
    } want[] = {{"conv", 1, {LADE__SAMPLES}, 2},
                {"conv", 1, {0}, 1},
                {"relu", 1, {1}, 1},
                {"residual", 2, {2, 0}, 2},
                {"dense", 1, {3}, 1},
                {"tanh", 1, {3}, 1},
                {"dense", 1, {5}, 1},
                {"concat", 2, {4, 6}, 0}};
    ck_assert_int_eq(d.layer_count, (int)(sizeof want / sizeof *want));
    for (int i = 0; i < d.layer_count; i++) {
        const struct lade__layer *l = &d.layers[i];
        ck_assert_str_eq(l->kind->word, want[i].word);
        ck_assert_int_eq(l->input_count, want[i].count);
        ck_assert_mem_eq(l->inputs, want[i].inputs, (size_t)l->input_count * sizeof(int));
        ck_assert_int_eq(l->use_count, want[i].uses);
    }
    ck_assert_int_eq(d.out.ndim, 1);
    ck_assert_int_eq(d.out.size[0], 5);
    lade__spec_release(&d);
}
END_TEST

/* Parameters have the same names as in a torch.nn.Sequential. In PyTorch, a layer with branches is a ModuleList that
   contains one Sequential for each branch. */
START_TEST(names_of_parameters_in_branches) {
    static const struct {
        const char *spec, *names;
    } cases[] = {
        {"dense 2, relu, dense 3", "0.weight 0.bias 2.weight 2.bias "},
        {"residual(conv 3 1 same, relu, batchnorm)",
         "0.0.0.weight 0.0.0.bias 0.0.2.weight 0.0.2.bias 0.0.2.running_mean 0.0.2.running_var "},
        {"relu, concat( | dense 2)", NULL},
        {"relu, residual( | tanh, concat(relu | residual(conv 3 1 | ))), dense 1", NULL},
        {"flatten, concat(dense 2 | relu, concat( | tanh, dense 1)), dense 1",
         "1.0.0.weight 1.0.0.bias 1.1.1.1.1.weight 1.1.1.1.1.bias 2.weight 2.bias "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lade__spec d;
        char names[512] = "", name[LADE__PARAMETER_NAME];
        int status = lade__spec_init(&d, cases[i].spec, &image, false, NULL);
        ck_assert_int_eq(status, cases[i].names ? LADE_OK : LADE_EINVAL);
        if (status < 0)
            continue;
        for (int j = 0; j < d.parameter_count; j++) {
            strcat(names, lade__parameter_name(&d.parameters[j], name));
            strcat(names, " ");
        }
        ck_assert_str_eq(names, cases[i].names);
        lade__spec_release(&d);
    }
}
END_TEST

/* Writes a specification of @depth nested residual layers. */
static void nest(char *spec, int depth) {
    *spec = '\0';
    for (int i = 0; i < depth; i++)
        strcat(spec, "residual(");
    strcat(spec, "dense 3072");
    for (int i = 0; i < depth; i++)
        strcat(spec, ")");
}

START_TEST(the_depth_has_a_limit) {
    char spec[512], name[LADE__PARAMETER_NAME];
    struct lade__spec d;
    struct lade_error err = {0};
    const struct lade__shape flat = {1, {3072}};
    nest(spec, LADE__MAX_DEPTH);
    ck_assert_int_eq(lade__spec_init(&d, spec, &flat, false, &err), LADE_OK);
    ck_assert_uint_eq(strlen(lade__parameter_name(&d.parameters[0], name)),
                      4 * LADE__MAX_DEPTH + 1 + strlen(".weight"));
    lade__spec_release(&d);
    nest(spec, LADE__MAX_DEPTH + 1);
    ck_assert_int_eq(lade__spec_init(&d, spec, &flat, false, &err), LADE_ELIMIT);
    ck_assert_str_eq(err.subject, "residual(dense 3072)");
}
END_TEST

START_TEST(presets) {
    struct lade_error err = {0};
    char *spec = lade__spec_expand(" mlp  7 ", &image, &err);
    ck_assert_str_eq(spec, "dense 512, relu, dense 7");
    lade_free(spec);
    spec = lade__spec_expand("cnn 10", &image, &err);
    struct lade__spec d;
    ck_assert_int_eq(lade__spec_init(&d, spec, &image, false, &err), LADE_OK);
    ck_assert_int_eq(d.trainable_count, 896 + 9248 + 18496 + 36928 + 64 * 36 * 512 + 512 + 5130);
    lade__spec_release(&d);
    lade_free(spec);
    spec = lade__spec_expand("dense 3", &image, &err);
    ck_assert_str_eq(spec, "dense 3");
    lade_free(spec);
    ck_assert_ptr_null(lade__spec_expand("cnn", &image, &err));
    ck_assert_str_eq(err.subject, "spec");
    ck_assert_msg(strstr(err.message, "cnn N"), "%s", err.message);
}
END_TEST

/* Returns the number of trainable parameters of "resnet 10" for images of this size. */
static int64_t count_resnet(int64_t height, int64_t width, int64_t channels, bool channels_first) {
    struct lade_error err = {0};
    struct lade__shape in = {3, {height, width, channels}};
    if (channels_first)
        in = (struct lade__shape){3, {channels, height, width}};
    struct lade__spec d;
    char *spec = lade__spec_expand("resnet 10", &in, &err);
    ck_assert_msg(spec && lade__spec_init(&d, spec, &in, channels_first, &err) == LADE_OK, "%s", err.message);
    int64_t count = d.trainable_count;
    ck_assert_int_eq(lade__shape_count(&d.out), 10);
    lade__spec_release(&d);
    lade_free(spec);
    return count;
}

START_TEST(resnet_has_as_many_parameters_for_each_size) {
    int64_t small = count_resnet(32, 32, 3, false), large = count_resnet(224, 224, 3, false);
    ck_assert_int_eq(small, 289280 + 81 * 10);
    ck_assert_int_eq(large, 1209216 + 257 * 10);
    ck_assert(small <= 300000 && large <= 3000000);
    for (int64_t side = 1; side < 96; side++)
        ck_assert_int_eq(count_resnet(side, 95, 3, side % 2), small);
    for (int64_t side = 96; side < 600; side += 37)
        ck_assert_int_eq(count_resnet(side, 2, 3, side % 2), large);
    ck_assert_int_eq(count_resnet(95, 95, 1, false), small - 2 * 9 * 32);
}
END_TEST

static const struct {
    const char *spec;
    int code;
    const char *layer; /* the subject of the error; NULL: the whole specification */
    const char *value; /* a part of the message; NULL: the word "layer" */
} bad[] = {
    {"", LADE_EINVAL, ""},
    {" , dense 3", LADE_EINVAL, ""},
    {"dense 3,", LADE_EINVAL, "", "layer 1"},
    {"dense 3, rleu", LADE_EINVAL, "rleu", "conv N K [same|valid]"},
    {"Dense 3", LADE_EINVAL},
    {"dens 3", LADE_EINVAL},
    {"dense", LADE_EINVAL, NULL, "dense N"},
    {"dense x", LADE_EINVAL, NULL, "dense N"},
    {"dense -1", LADE_EINVAL},
    {"dense 3.5", LADE_EINVAL},
    {"dense 0", LADE_EINVAL},
    {"dense 3 4", LADE_EINVAL},
    {"relu 3", LADE_EINVAL},
    {"dense 2147483648", LADE_EINVAL, NULL, "2^31"},
    {"dense 99999999999999999999999999", LADE_EINVAL, NULL, "2^31"},
    {"dense 2147483647", LADE_ELIMIT, NULL, "3072 inputs times 2147483647 outputs"},
    {"dense 1, dense 2147483647, dense 2", LADE_ELIMIT, "dense 2", "layer 2"},
    {"conv 3", LADE_EINVAL, NULL, "conv N K [same|valid] [stride S] [groups G]"},
    {"conv 0 3", LADE_EINVAL},
    {"conv 3 0", LADE_EINVAL},
    {"conv 4 3 stride", LADE_EINVAL},
    {"conv 4 3 stride 0", LADE_EINVAL, NULL, "stride"},
    {"conv 4 3 groups 0", LADE_EINVAL, NULL, "groups"},
    {"conv 4 3 groups 2", LADE_EINVAL, NULL, "3 channels"},
    {"conv 4 3 sane", LADE_EINVAL},
    {"conv 4 33", LADE_EINVAL, NULL, "height of 32"},
    {"conv 4 70000 same", LADE_ELIMIT, NULL, "weights"},
    {"conv 2147483647 1", LADE_ELIMIT, NULL, "weights"},
    {"conv 700000000 1", LADE_ELIMIT, NULL, "2^31 - 1 values"},
    {"maxpool 2, maxpool 17", LADE_EINVAL, "maxpool 17", "height of 16"},
    {"maxpool 0", LADE_EINVAL},
    {"maxpool 32768 same", LADE_ELIMIT, NULL, "32767"},
    {"avgpool 2147483647 same", LADE_ELIMIT, NULL, "globalavgpool"},
    {"maxpool 2 groups 2", LADE_EINVAL},
    {"flatten, conv 3 3", LADE_EINVAL, "conv 3 3", "3072"},
    {"dense 3, maxpool 2", LADE_EINVAL, "maxpool 2"},
    {"dense 3, globalavgpool", LADE_EINVAL, "globalavgpool"},
    {"dropout", LADE_EINVAL, NULL, "dropout P"},
    {"dropout 1", LADE_EINVAL},
    {"dropout -0.5", LADE_EINVAL},
    {"dropout 0.5.5", LADE_EINVAL},
    {"dropout nan", LADE_EINVAL},
    {"\x1b[31mred", LADE_EINVAL, NULL, "\"?[31mred\""},
    {"residual", LADE_EINVAL, NULL, "residual(A | B)"},
    {"residual 3", LADE_EINVAL},
    {"residual()", LADE_EINVAL, NULL, "a layer is missing between the parentheses"},
    {"residual(  )", LADE_EINVAL, NULL, "a layer is missing between the parentheses"},
    {"residual(relu, )", LADE_EINVAL, "", "layer 0.0.1"},
    {"relu, residual(relu | tanh, rleu)", LADE_EINVAL, "rleu", "layer 1.1.1"},
    {"residual(relu | ) relu", LADE_EINVAL, NULL, "comma"},
    {"residual(relu)) , relu", LADE_EINVAL, "residual(relu))", "comma"},
    {"residual(relu | tanh", LADE_EINVAL, NULL, "\")\" is missing"},
    {"relu, residual(relu | concat(tanh | ), relu", LADE_EINVAL, "residual(relu | concat(tanh | ), relu", "missing"},
    {"relu)", LADE_EINVAL, NULL, "has no \"(\""},
    {"relu | tanh", LADE_EINVAL, NULL, "parentheses of residual"},
    {"(relu)", LADE_EINVAL, NULL, "no such layer"},
    {"relu(tanh)", LADE_EINVAL, NULL, "only residual and concat"},
    {"concat(relu)", LADE_EINVAL, NULL, "two branches"},
    {"concat()", LADE_EINVAL, NULL, "two branches"},
    {"residual(conv 8 3)", LADE_EINVAL, NULL, "branch 0 is 30x30x8, but the output of branch 1 is 32x32x3"},
    {"residual( | conv 3 3 same | maxpool 2)", LADE_EINVAL, NULL, "branch 2 is 16x16x3"},
    {"concat(conv 8 3 | relu)", LADE_EINVAL, NULL, "branch 0 is 30x30x8, but the output of branch 1 is 32x32x3"},
    {"concat(relu | flatten)", LADE_EINVAL, NULL, "3072"},
    {"concat(conv 1000000 1 | conv 1000000 1 | conv 200000 1)", LADE_ELIMIT, NULL, "2^31 - 1 values"},
};

START_TEST(invalid_layers_are_refused) {
    struct lade__spec d;
    struct lade_error err = {0};
    ck_assert_int_eq(lade__spec_init(&d, bad[_i].spec, &image, false, &err), bad[_i].code);
    ck_assert_int_eq(err.code, bad[_i].code);
    ck_assert_str_eq(err.subject, bad[_i].layer ? bad[_i].layer : bad[_i].spec);
    ck_assert_msg(strstr(err.message, bad[_i].value ? bad[_i].value : "layer"), "\"%s\": %s", bad[_i].spec,
                  err.message);
    ck_assert_ptr_null(d.layers);
    ck_assert_ptr_null(d.parameters);
}
END_TEST

START_TEST(samples_must_have_a_shape) {
    static const struct {
        struct lade__shape shape;
        int code;
    } cases[] = {{{0, {0}}, LADE_EINVAL},
                 {{-1, {0}}, LADE_EINVAL},
                 {{LADE_MAX_DIMS, {1, 1, 1, 1, 1, 1, 1, 1}}, LADE_EINVAL},
                 {{2, {3, 0}}, LADE_EINVAL},
                 {{2, {3, -5}}, LADE_EINVAL},
                 {{2, {65536, 65536}}, LADE_ELIMIT},
                 {{3, {INT64_MAX, INT64_MAX, 2}}, LADE_ELIMIT}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lade__spec d;
        struct lade_error err = {0};
        ck_assert_int_eq(lade__spec_init(&d, "dense 3", &cases[i].shape, false, &err), cases[i].code);
        ck_assert_str_eq(err.subject, cases[i].shape.ndim < 1 || cases[i].shape.ndim == LADE_MAX_DIMS ? "sample_ndim"
                                                                                                      : "sample_shape");
    }
}
END_TEST

START_TEST(too_many_layers_are_refused) {
    enum { LAYERS = 1025 };
    char spec[LAYERS * 5 + 1] = "";
    for (int i = 0; i < LAYERS; i++)
        memcpy(spec + i * 5, "relu,", 5);
    struct lade__spec d;
    struct lade_error err = {0};
    ck_assert_int_eq(lade__spec_init(&d, spec, &image, false, &err), LADE_ELIMIT);
    spec[(LAYERS - 1) * 5 - 1] = '\0'; /* 1024 layers */
    ck_assert_int_eq(lade__spec_init(&d, spec, &image, false, &err), LADE_OK);
    ck_assert_int_eq(d.layer_count, LAYERS - 1);
    lade__spec_release(&d);
}
END_TEST

START_TEST(shapes_as_text) {
    char text[LADE__SHAPE_TEXT];
    struct lade__shape largest = {LADE_MAX_DIMS, {0}};
    ck_assert_str_eq(lade__shape_text(&image, text), "32x32x3");
    ck_assert_str_eq(lade__shape_text(&(struct lade__shape){0}, text), "");
    for (int i = 0; i < LADE_MAX_DIMS; i++)
        largest.size[i] = INT64_MIN;
    ck_assert_uint_eq(strlen(lade__shape_text(&largest, text)), LADE_MAX_DIMS * 21 - 1);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "spec");
    tcase_add_test(tcase, layers_shapes_and_parameters);
    tcase_add_test(tcase, a_net_may_have_no_parameters);
    tcase_add_test(tcase, images_get_the_documented_sizes);
    tcase_add_test(tcase, layers_with_branches_name_their_inputs);
    tcase_add_test(tcase, names_of_parameters_in_branches);
    tcase_add_test(tcase, the_depth_has_a_limit);
    tcase_add_test(tcase, presets);
    tcase_add_test(tcase, resnet_has_as_many_parameters_for_each_size);
    tcase_add_loop_test(tcase, invalid_layers_are_refused, 0, (int)(sizeof bad / sizeof *bad));
    tcase_add_test(tcase, samples_must_have_a_shape);
    tcase_add_test(tcase, too_many_layers_are_refused);
    tcase_add_test(tcase, shapes_as_text);
}

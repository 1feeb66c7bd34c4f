/*
 * Structs of options end with reserved bytes. A function that takes such a struct fails if one of these bytes is not 0.
 */
#include "support/train_toy.h"

static int fit(lade_net *net, struct lade_source source, const void *options, struct lade_error *err) {
    lade_for_each (m, lade_fit(net, source, options), err)
        (void)m;
    return err->code;
}

static int new_trainer(lade_net *net, struct lade_source source, const void *options, struct lade_error *err) {
    (void)source;
    lade_trainer_free(lade_trainer_new(net, options, err));
    return err->code;
}

static int new_net(lade_net *net, struct lade_source source, const void *options, struct lade_error *err) {
    (void)net, (void)source;
    lade_net_free(lade_net_new("dense 1", 1, (int64_t[]){2}, options, err));
    return err->code;
}

static int fit_from(lade_net *net, struct lade_source source, const void *reserved, struct lade_error *err) {
    memcpy(source.reserved, reserved, sizeof source.reserved);
    return fit(net, source, NULL, err);
}

static int evaluate(lade_net *net, struct lade_source source, const void *reserved, struct lade_error *err) {
    struct lade_score score;
    memcpy(source.reserved, reserved, sizeof source.reserved);
    return lade_net_evaluate(net, source, 1, &score, err);
}

static int validate(lade_net *net, struct lade_source source, const void *reserved, struct lade_error *err) {
    struct lade_fit_options options = {.validation = source};
    memcpy(options.validation.reserved, reserved, sizeof source.reserved);
    return fit(net, source, &options, err);
}

#define RESERVED(type, field) \
    offsetof(struct type, field), offsetof(struct type, field) + sizeof((struct type *)0)->field
static const struct {
    int (*use)(lade_net *net, struct lade_source source, const void *options, struct lade_error *err);
    size_t first, end;
} structs[] = {
    {new_net, RESERVED(lade_net_options, reserved)},
    {fit, RESERVED(lade_fit_options, reserved)},
    {fit, RESERVED(lade_fit_options, optimizer.reserved)},
    {fit, RESERVED(lade_fit_options, schedule.reserved)},
    {new_trainer, RESERVED(lade_trainer_options, reserved)},
    {new_trainer, RESERVED(lade_trainer_options, optimizer.reserved)},
    {fit_from, 0, sizeof((struct lade_source *)0)->reserved},
    {evaluate, 0, sizeof((struct lade_source *)0)->reserved},
    {validate, 0, sizeof((struct lade_source *)0)->reserved},
};

START_TEST(reserved_bytes_must_be_zero) {
    _Alignas(16) unsigned char options[sizeof(struct lade_fit_options)] = {0};
    struct toy toy = {.arms = 2, .batch = 4, .steps = 2, .seed = 1};
    struct lade_source source = toy_source(&toy);
    lade_net *net = lade_net_new("dense 1", 1, (int64_t[]){2}, NULL, NULL);
    for (size_t at = structs[_i].first; at < structs[_i].end; at++) {
        struct lade_error err = {0};
        options[at] = 1;
        ck_assert_int_eq(structs[_i].use(net, source, options, &err), LADE_EINVAL);
        ck_assert_str_eq(err.subject, "reserved");
        options[at] = 0;
    }
    struct lade_error err = {0};
    ck_assert_msg(structs[_i].use(net, source, options, &err) == LADE_OK, "%s", err.message);
    lade_net_free(net);
    source.close(source.ctx);
}
END_TEST

void check_cases(Suite *suite) {
    tcase_add_loop_test(check_case(suite, "reserved"), reserved_bytes_must_be_zero, 0,
                        (int)(sizeof structs / sizeof *structs));
}

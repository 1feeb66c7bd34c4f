/*
 * Nets on threads with small stacks: a thread with 48 KiB can train, and a thread with 16 KiB gets an error.
 */
#include "support/train_toy.h"

#include <pthread.h>

static char path[] = "/tmp/lade-test-XXXXXX";

static lade_net *new_net(struct lade_error *err) {
    return lade_net_new("dense 16, batchnorm, relu, dropout 0.1, dense 3", 1, (int64_t[]){2},
                        &(struct lade_net_options){.threads = 1}, err);
}

/* Makes, trains, evaluates, saves and loads a net. Stores the first error in *@ctx. */
static void *use_nets(void *ctx) {
    struct lade_error *err = (struct lade_error *)ctx;
    struct toy toy = {.arms = 3, .batch = 8, .steps = 4, .seed = 1};
    struct lade_source source = toy_source(&toy);
    struct lade_score score;
    float x[2] = {0}, out[3];
    lade_net *net = new_net(err), *loaded = NULL;
    if (net) {
        lade_for_each (m, lade_fit(net, source, &(struct lade_fit_options){.epochs = 2}), err)
            (void)m;
        struct lade_tensor *t = lade_tensor_wrap(x, LADE_FLOAT32, 2, (int64_t[]){1, 2}, NULL, NULL);
        if (err->code == 0 && lade_net_evaluate(net, source, 1, &score, err) == LADE_OK &&
            lade_net_predict(net, t, out, err) == LADE_OK && lade_net_save(net, path, err) == LADE_OK)
            loaded = lade_net_load(path, 1, err);
        lade_tensor_unref(t);
        source.close(source.ctx);
    }
    lade_net_free(net);
    lade_net_free(loaded);
    return NULL;
}

/* Returns false if the system does not allow a thread with this stack. */
static bool on_stack(size_t size, void *(*f)(void *), void *ctx) {
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    bool done = pthread_attr_setstacksize(&attributes, size) == 0 && pthread_create(&thread, &attributes, f, ctx) == 0;
    pthread_attr_destroy(&attributes);
    if (done)
        pthread_join(thread, NULL);
    return done;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#elif defined(__has_feature)
#define SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define SANITIZED false
#endif

START_TEST(a_stack_of_48_kib_is_enough) {
    struct lade_error err = {0};
    ck_assert_int_ge(mkstemp(path), 0);
    if (SANITIZED)
        CHECK_SKIP("sanitizers enlarge stack frames");
    if (!on_stack(48 << 10, use_nets, &err))
        CHECK_SKIP("the system needs larger stacks");
    ck_assert_msg(err.code == 0, "%s", err.message);
}
END_TEST

START_TEST(a_smaller_stack_is_an_error) {
    struct lade_error err = {0};
    if (SANITIZED)
        CHECK_SKIP("sanitizers enlarge stack frames");
    if (!on_stack(16 << 10, use_nets, &err))
        CHECK_SKIP("the system needs larger stacks");
    ck_assert_int_eq(err.code, LADE_ELIMIT);
    ck_assert_str_eq(err.subject, "stack");
}
END_TEST

static lade_net *net_of_another_thread;

static void *predict(void *ctx) {
    float x[2] = {0}, out[3];
    struct lade_tensor *t = lade_tensor_wrap(x, LADE_FLOAT32, 2, (int64_t[]){1, 2}, NULL, NULL);
    lade_net_predict(net_of_another_thread, t, out, (struct lade_error *)ctx);
    lade_tensor_unref(t);
    return NULL;
}

static void *load(void *ctx) {
    lade_net_free(lade_net_load(path, 1, (struct lade_error *)ctx));
    return NULL;
}

START_TEST(each_function_checks_the_stack_of_its_thread) {
    void *(*const uses[])(void *) = {predict, load};
    net_of_another_thread = new_net(NULL);
    for (int i = 0; i < 2 && !SANITIZED; i++) {
        struct lade_error err = {0};
        if (on_stack(16 << 10, uses[i], &err)) {
            ck_assert_int_eq(err.code, LADE_ELIMIT);
            ck_assert_str_eq(err.subject, "stack");
        }
    }
    lade_net_free(net_of_another_thread);
}
END_TEST

static void remove_file(void) {
    unlink(path);
}

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "stack");
    tcase_add_checked_fixture(tcase, NULL, remove_file);
    tcase_add_test(tcase, a_stack_of_48_kib_is_enough);
    tcase_add_test(tcase, a_smaller_stack_is_an_error);
    tcase_add_test(tcase, each_function_checks_the_stack_of_its_thread);
}

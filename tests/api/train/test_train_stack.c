/*
 * Tests of nets on threads with small stacks: a thread with 48 KiB can train, and a thread with 16 KiB gets an error.
 */
#include "support/train_toy.h"

#include <pthread.h>

static char path[32];

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

/* Calls @f(@ctx) on a thread that has a stack of @size bytes. Returns false if the system does not allow such a
   stack. */
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

/* Skips the test if the stack frames are larger than usual. */
#ifdef LADE__SANITIZED
#define NEED_USUAL_FRAMES() CHECK_SKIP("sanitizers enlarge stack frames")
#else
#define NEED_USUAL_FRAMES()
#endif

START_TEST(a_stack_of_48_kib_is_enough) {
    struct lade_error err = {0};
    NEED_USUAL_FRAMES();
    if (!on_stack(48 << 10, use_nets, &err))
        CHECK_SKIP("the system needs larger stacks");
    ck_assert_msg(err.code == 0, "%s", err.message);
}
END_TEST

START_TEST(a_smaller_stack_is_an_error) {
    struct lade_error err = {0};
    NEED_USUAL_FRAMES();
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
    struct lade_error err = {0};
    NEED_USUAL_FRAMES();
    net_of_another_thread = new_net(&err);
    ck_assert_msg(net_of_another_thread != NULL, "%s", err.message);
    bool done = on_stack(16 << 10, uses[_i], &err);
    lade_net_free(net_of_another_thread);
    if (!done)
        CHECK_SKIP("the system needs larger stacks");
    ck_assert_int_eq(err.code, LADE_ELIMIT);
    ck_assert_str_eq(err.subject, "stack");
}
END_TEST

/* Uses about @bytes bytes of the stack. */
static __attribute__((noinline)) void use_stack(size_t bytes) {
    volatile char frame[1024] = {0};
    if (bytes > sizeof frame)
        use_stack(bytes - sizeof frame);
    frame[0] = 1;
}

/* Uses about @bytes bytes of the stack, and then makes a net. */
static __attribute__((noinline)) void make_net_below(size_t bytes) {
    volatile char frame[1024] = {0};
    struct lade_error err = {0};
    if (bytes > sizeof frame) {
        make_net_below(bytes - sizeof frame);
    } else {
        lade_net *net = new_net(&err);
        ck_assert_msg(net != NULL, "%s", err.message);
        lade_net_free(net);
    }
    frame[0] = 1;
}

/* Valgrind enlarges the stack of the main thread when the thread needs more. In a child process, the C library
 * reports only the part of the stack that existed at the fork(). Check has called fork() before this test. */
START_TEST(the_main_thread_has_a_large_stack) {
    use_stack(256 << 10);
    for (size_t used = 0; used < 64 << 10; used += 4 << 10)
        make_net_below(used);
}
END_TEST

static void make_file(void) {
    snprintf(path, sizeof path, "/tmp/lade-test-XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
}

static void remove_file(void) {
    unlink(path);
}

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "stack");
    tcase_add_checked_fixture(tcase, make_file, remove_file);
    tcase_add_test(tcase, a_stack_of_48_kib_is_enough);
    tcase_add_test(tcase, a_smaller_stack_is_an_error);
    tcase_add_loop_test(tcase, each_function_checks_the_stack_of_its_thread, 0, 2);
    tcase_add_test(tcase, the_main_thread_has_a_large_stack);
}

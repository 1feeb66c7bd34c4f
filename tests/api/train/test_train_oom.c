/* Tests of training when there is no memory. The test repeats the same calls many times: in repetition n, allocation n
   fails. The result is always an error, never a crash or a leak. */
#include "support/train_run.h"

#include <string.h>
#include <unistd.h>

static int allowed; /* number of allocations that succeed before an allocation fails; accessed atomically, because
                       several threads allocate */
static int live;

static void *resize(void *ctx, void *p, size_t size) {
    (void)ctx;
    if (__atomic_sub_fetch(&allowed, 1, __ATOMIC_RELAXED) == -1)
        return NULL;
    void *q = realloc(p, size);
    if (q && !p)
        __atomic_fetch_add(&live, 1, __ATOMIC_RELAXED);
    return q;
}

static void release(void *ctx, void *p) {
    (void)ctx;
    if (p)
        __atomic_fetch_sub(&live, 1, __ATOMIC_RELAXED);
    free(p);
}

static char path[] = "/tmp/lade-test-XXXXXX";

static int state_get(void *ctx, char **out, struct lade_error *err) {
    (void)ctx;
    *out = lade_strdup("{}");
    return *out ? LADE_OK : lade_error_set(err, LADE_ENOMEM, "no memory");
}

static int state_set(void *ctx, const char *state, struct lade_error *err) {
    (void)ctx, (void)state, (void)err;
    return LADE_OK;
}

/* Makes a net and trains it, and then loads its checkpoint and resumes the run. Returns LADE_OK, or the first error. */
static int train_and_resume(struct lade_batch *b, struct lade_error *err) {
    static const char *const names[] = {"cat", "dog", "eel"};
    static const char spec[] = "conv 3 1, batchnorm, relu, maxpool 1, dropout 0.2, dense 3";
    struct lade_source source = {.next = toy_same_batch,
                                 .state_get = state_get,
                                 .state_set = state_set,
                                 .ctx = b,
                                 .steps = 2,
                                 .classes = 3,
                                 .sample_ndim = 3,
                                 .sample_shape = {2, 1, 1}};
    struct lade_fit_options fit = {.optimizer = {.kind = LADE_ADAM},
                                   .accumulate = 2,
                                   .global_clipnorm = 1,
                                   .validation = source,
                                   .validation_steps = 1,
                                   .checkpoint = path};
    lade_net *net = lade_net_new(spec, 3, (int64_t[]){2, 1, 1},
                                 &(struct lade_net_options){.threads = 2, .class_names = names}, err);
    for (int run = 0; net && run < 2; run++) {
        lade_for_each (m, lade_fit(net, source, &fit), err) {
            ck_assert_int_eq(m->samples, 2 * b->n);
        }
        lade_net_free(net);
        net = err->code == LADE_OK ? lade_net_load(path, 2, err) : NULL;
        fit.resume = path;
        fit.epochs = 2;
    }
    lade_net_free(net);
    return err->code;
}

START_TEST(every_allocation_may_fail) {
    enum { ROWS = 16 };
    struct lade_batch b = {.x = lade_tensor_new(LADE_FLOAT32, 4, (int64_t[]){ROWS, 2, 1, 1}),
                           .y = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){ROWS, 1}),
                           .n = ROWS,
                           .refs = 1};
    close(mkstemp(path));
    lade_set_allocator(&(struct lade_allocator){resize, release, NULL});
    /* Under valgrind, oneDNN needs seconds to compile a kernel. There, only every 47th allocation is tested. */
    int n = 0, status = LADE_ENOMEM, stride = check_under_valgrind() ? 47 : 1;
    for (; status < 0 && n < 2000; n += stride) {
        struct lade_error err = {0};
        allowed = n;
        live = 0;
        status = train_and_resume(&b, &err);
        allowed = 1 << 30;
        lade_release_stacks();
        ck_assert_msg(status == LADE_OK || status == LADE_ENOMEM, "allocation %d: %d %s", n, status, err.message);
        ck_assert_msg(status == LADE_OK || err.message[0] != '\0', "allocation %d: no message", n);
        ck_assert_msg(live == 0, "allocation %d: %d blocks are left", n, live);
    }
    ck_assert_int_eq(status, LADE_OK);
    ck_assert_int_gt(n, 40);
    lade_set_allocator(NULL);
    unlink(path);
    lade_tensor_unref(b.x);
    lade_tensor_unref(b.y);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "oom");
    tcase_add_test(tcase, every_allocation_may_fail);
}

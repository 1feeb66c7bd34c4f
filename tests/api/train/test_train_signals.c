/* Tests of signals that arrive while a net is trained. */
#define _GNU_SOURCE
#include "support/train_toy.h"

#include <signal.h>
#include <sys/time.h>

static volatile sig_atomic_t signals;

static void count(int number) {
    (void)number;
    signals++;
}

/* The matrix products of some versions of oneDNN store an address of the heap in the stack pointer. The frame of a
   signal handler then overwrites the heap. */
START_TEST(a_signal_handler_does_not_change_the_heap) {
    struct toy toy = {.arms = 3, .batch = 32, .steps = 100, .seed = 1};
    struct sigaction action = {.sa_handler = count, .sa_flags = SA_RESTART};
    const struct itimerval each_ms = {{0, 1000}, {0, 1000}};
    lade_net *net = toy_net("dense 200, relu, dense 200, relu, dense 3", 3);
    struct lade_fit_options options = {.optimizer = {LADE_SGD, .lr = .1f}, .epochs = check_under_valgrind() ? 2 : 30};
    struct lade_error err = {0};
    ck_assert_int_eq(sigaction(SIGPROF, &action, NULL), 0);
    ck_assert_int_eq(setitimer(ITIMER_PROF, &each_ms, NULL), 0);
    lade_for_each (m, lade_fit(net, toy_source(&toy), &options), &err) {
        void *blocks[16];
        for (int i = 0; i < 16; i++)
            blocks[i] = malloc((size_t)(m->step + i) * 100 % 5000 + 1);
        for (int i = 0; i < 16; i++)
            free(blocks[i]);
    }
    setitimer(ITIMER_PROF, &(struct itimerval){0}, NULL);
    ck_assert_msg(err.code == LADE_OK, "%s", err.message);
    ck_assert_int_gt(signals, 0);
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "signals");
    tcase_add_test(tcase, a_signal_handler_does_not_change_the_heap);
}

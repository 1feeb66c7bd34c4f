/*
 * Tests that valgrind reports a lost generator as a leak. A generator is lost if the program has no pointer to it. This
 * program starts itself a second time, under valgrind. The environment variable LADE_LOSE selects the kind of generator
 * that the second process loses.
 */
#define _GNU_SOURCE /* setenv */
#include "support/rules.h"

#include <sys/wait.h>
#include <unistd.h>

generator(long, counts)
{
    for (long i = 0;; i++)
        yield(i);
}

/* Runs and frees some generators, so that the pools contain frames and stacks. Then makes one generator, which may use
   a frame and a stack from the pools, and loses it. */
__attribute__((noinline)) static void lose(const char *kind) {
    for (int i = 0; i < 50; i++) {
        gen_auto(long) g = counts();
        (void)next(g);
    }
    if (!strcmp(kind, "none"))
        return;
    gen(long) g = strcmp(kind, "chain") ? counts() : take(counts(), 5);
    if (strcmp(kind, "unstarted"))
        (void)next(g);
}

/* Overwrites the part of the stack that may still contain the pointer to the lost generator. */
__attribute__((noinline)) static void clear_stack(void) {
    volatile char bytes[16384];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = 0;
}

START_TEST(lose_one) {
    const char *kind = getenv("LADE_LOSE");
    if (!kind)
        return;
    lose(kind);
    clear_stack();
}
END_TEST

#ifndef LADE__SANITIZED /* valgrind cannot run a program that was compiled with a sanitizer */
enum { ILLEGAL = 132 }; /* the result of run() if SIGILL ended the process: 128 + 4 */

/* Runs this program under valgrind. Returns the exit code: 99 means that valgrind has reported a lost generator, and 77
   means that valgrind is not installed. If a signal ended the process, returns 128 + the number of the signal. */
static int run(const char *kind) {
    fflush(NULL);
    pid_t child = fork();
    if (!child) {
        setenv("LADE_LOSE", kind, 1);
        setenv("CK_FORK", "no", 1);
        setenv("CK_RUN_CASE", "loser", 1);
        char program[4096] = "";
        if (readlink("/proc/self/exe", program, sizeof program - 1) < 0 || !freopen("/dev/null", "w", stdout))
            _exit(1);
        execlp("valgrind", "valgrind", "-q", "--leak-check=full", "--errors-for-leak-kinds=definite",
               "--show-leak-kinds=definite", "--log-file=/dev/null", "--error-exitcode=99", program, NULL);
        _exit(77);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

START_TEST(a_lost_generator_is_a_leak) {
    int status = run("none");
    if (status == 77)
        CHECK_SKIP("valgrind is not installed");
    if (status == 1)
        CHECK_SKIP("valgrind cannot read this program, for example the debug information of clang 14");
    if (status == ILLEGAL)
        CHECK_SKIP("valgrind has no AVX-512 instructions, which -march=native may use");
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(run("unstarted"), 99);
    ck_assert_int_eq(run("suspended"), 99);
    ck_assert_int_eq(run("chain"), 99);
}
END_TEST
#endif

void check_cases(Suite *suite) {
    tcase_add_test(rules_case(suite, "loser"), lose_one);
#ifndef LADE__SANITIZED
    if (!check_under_valgrind() && !getenv("LADE_EMULATED"))
        tcase_add_test(rules_case(suite, "lost"), a_lost_generator_is_a_leak);
#endif
}

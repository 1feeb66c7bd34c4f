/* Tests of the stacks of generators: the guards below stacks, the sizes of stacks, a large number of stacks, and the
   rounding mode after a stack switch. */
#define _GNU_SOURCE /* sigaltstack, REG_* */
#include "support/rules.h"

#include <fenv.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KIB = 1024, GUARD = 64 * KIB, FRAME = 100 * KIB };

#ifdef LADE__SANITIZED
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

static int under_valgrind(void) {
    return check_under_valgrind();
}

/* ---- Stack overflow ---------------------------------------------------------------------------------------------- */

static volatile uintptr_t lowest; /* address of the deepest frame that was entered */

__attribute__((noinline)) static long deeper(long n) {
    volatile char here[64];
    lowest = (uintptr_t)here;
    here[0] = (char)n;
    return n ? deeper(n - 1) + here[0] : here[0];
}

generator(long, recurses)
{
    yield(1);
    yield(deeper(1000000));
}

/* Has a frame that is larger than the guard. With -fstack-clash-protection, the code touches each page of the frame,
   and so also the guard. */
__attribute__((noinline)) static long large_frame(long n) {
    volatile char here[FRAME];
    volatile char *bottom = here;
    __asm__ volatile("" : "+r"(bottom)); /* so that the compiler cannot shrink the array */
    *bottom = (char)n;
    return *bottom;
}

generator(long, has_a_large_frame)
{
    volatile char here[256];
    lowest = (uintptr_t)here;
    here[0] = 0;
    yield(1);
    yield(large_frame(here[0]));
}

enum { ON_THE_GUARD = 42, ELSEWHERE = 43, SURVIVED = 44 };

static void where_it_hit(int number, siginfo_t *info, void *context) {
    (void)number;
    (void)context;
    uintptr_t at = (uintptr_t)info->si_addr;
    _exit(at <= lowest && at >= lowest - GUARD - FRAME ? ON_THE_GUARD : ELSEWHERE);
}

/* Takes two items of the generator in a child process. Returns the wait status of the child. */
static int end_of_child(lade_gen_owned(long) owned) {
    static char handler_stack[64 * KIB];
    fflush(NULL);
    pid_t child = fork();
    if (!child) {
        if (!SANITIZED) { /* a sanitizer has its own handler and prints a report */
            stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
            struct sigaction action = {.sa_sigaction = where_it_hit, .sa_flags = SA_SIGINFO | SA_ONSTACK};
            sigaltstack(&stack, NULL);
            sigaction(SIGSEGV, &action, NULL);
        } else {
            fclose(stderr);
        }
        gen_auto(long) g = owned;
        (void)next(g);
        (void)next(g);
        _exit(SURVIVED);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    gen(long) unused = owned;
    gen_free(unused);
    return status;
}

static void check_overflow(lade_gen_owned(long) owned) {
    int status = end_of_child(owned);
    if (SANITIZED) {
        ck_assert(WIFSIGNALED(status) || WEXITSTATUS(status) != SURVIVED);
        return;
    }
    ck_assert_msg(WIFEXITED(status), "signal %d", WTERMSIG(status));
    ck_assert_int_eq(WEXITSTATUS(status), ON_THE_GUARD);
}

START_TEST(an_overflow_hits_the_guard) {
    check_overflow(recurses());
    check_overflow(lade_gen_stack(recurses(), 1 << 20));
}
END_TEST

START_TEST(a_frame_larger_than_the_guard_hits_it_too) {
    check_overflow(has_a_large_frame());
}
END_TEST

/* ---- Sizes ------------------------------------------------------------------------------------------------------- */

START_TEST(a_large_frame_fits_a_stack_of_requested_size) {
    gen_auto(long) g = lade_gen_stack(has_a_large_frame(), 256 * KIB);
    assert_next(g, 1);
    assert_next(g, 0);
    assert_ended(g);
    ck_assert_int_eq(sum(lade_gen_stack(has_a_large_frame(), 256 * KIB)), 1);
    ck_assert_int_eq(lade_set_stack_size(256 * KIB), LADE_OK);
    gen_auto(long) h = has_a_large_frame();
    assert_next(h, 1);
    assert_next(h, 0);
    assert_ended(h);
}
END_TEST

generator(long, measures, long, depth)
{
    yield(0);
    (void)deeper(depth);
    yield(1);
}

START_TEST(stack_sizes_and_their_limits) {
    ck_assert_int_eq(lade_set_stack_size(0), LADE_EINVAL);
    ck_assert_int_eq(lade_set_stack_size(32 * KIB - 1), LADE_EINVAL);
    ck_assert_int_eq(lade_set_stack_size(((size_t)1 << 30) + 1), LADE_EINVAL);
    for (size_t size = 64 * KIB; size <= (size_t)32 * KIB * KIB; size *= 8) {
        ck_assert_int_eq(lade_set_stack_size(size - 1), LADE_OK); /* the size is rounded up */
        /* The calls use at most three quarters of the stack, because a frame of deeper() has at most 256 bytes, or 1024
           bytes with a sanitizer. */
        gen_auto(long) g = measures((long)(size / 4 * 3 / (SANITIZED ? 1024 : 256)));
        assert_next(g, 0);
        assert_next(g, 1);
        assert_ended(g);
        lade_release_stacks();
    }
}
END_TEST

START_TEST(stack_sizes_may_change_while_generators_exist) {
    gen(long) g[12];
    for (int i = 0; i < 12; i++) {
        ck_assert_int_eq(lade_set_stack_size((size_t)32 * KIB << i % 5), LADE_OK);
        g[i] = measures(10);
        assert_next(g[i], 0);
    }
    lade_release_stacks();
    for (int i = 0; i < 12; i++) {
        assert_next(g[(i * 5) % 12], 1);
        gen_free(g[(i * 5) % 12]);
    }
    lade_release_stacks();
}
END_TEST

/* ---- The number of generators ------------------------------------------------------------------------------------ */

static long resident_bytes(void) {
    long all = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f)
        return 0;
    ck_assert_int_eq(fscanf(f, "%ld %ld", &all, &resident), 2);
    fclose(f);
    return resident * sysconf(_SC_PAGESIZE);
}

static long alive;

static void one_less(const long *unused) {
    (void)unused;
    alive--;
}

generator(long, lives, long, i)
{
    __attribute__((unused)) lade_cleanup(one_less) long counted = i;
    alive++;
    for (;; i++)
        yield(i);
}

#ifdef LADE_FORCE_UCONTEXT
enum { RESIDENT = 16 * KIB }; /* the portable stack switch needs two contexts of some KiB for each generator */
#else
enum { RESIDENT = 8 * KIB };
#endif

START_TEST(a_hundred_thousand_active_generators) {
    const long wanted = under_valgrind() ? 200 : SANITIZED ? 2000 : 100000;
    lade_gen(long) *g = calloc((size_t)wanted, sizeof *g);
    ck_assert_ptr_nonnull(g);
    const long before = resident_bytes();
    long n = 0;
    for (; n < wanted; n++) {
        g[n] = lives(n);
        long *item = next(g[n]);
        if (!item)
            break;
        ck_assert_int_eq(*item, n);
    }
    const long after = resident_bytes();
    if (n < wanted) { /* on older kernels each guard is a mapping, so vm.max_map_count is the limit */
        ck_assert_int_eq(gen_error(g[n])->code, LADE_ELIMIT);
        ck_assert_ptr_nonnull(strstr(gen_error(g[n])->message, "vm.max_map_count"));
        ck_assert_int_gt(n, 10000);
        gen_free(g[n]);
    }
    ck_assert_int_eq(alive, n);
    if (!SANITIZED && !under_valgrind())
        ck_assert_msg((after - before) / n <= RESIDENT, "each generator uses %ld bytes", (after - before) / n);
    printf("%ld active generators, %ld bytes resident each\n", n, (after - before) / n);
    for (long i = 0; i < n; i += 7)
        assert_next(g[i], i + 1);
    for (long i = 0; i < n; i++)
        ck_assert_int_eq(gen_free(g[i]), LADE_OK);
    ck_assert_int_eq(alive, 0);
    lade_release_stacks();
    if (!SANITIZED && !under_valgrind())
        ck_assert_int_lt(resident_bytes() - before, after / 2); /* the pages of unused stacks were returned */
    free(g);
}
END_TEST

/* ---- The floating-point environment ------------------------------------------------------------------------------ */

generator(double, thirds)
{
    for (;;) {
        volatile double one = 1, three = 3;
        yield(one / three);
    }
}

START_TEST(a_body_uses_the_rounding_mode_of_its_caller) {
    gen_auto(double) g = thirds();
    const double nearest = *next(g);
    fesetround(FE_UPWARD);
    const double up = *next(g);
    fesetround(FE_TONEAREST);
    ck_assert(up > nearest || under_valgrind()); /* valgrind has only one rounding mode */
    ck_assert(*next(g) == nearest);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "stacks");
    tcase_add_test(tcase, an_overflow_hits_the_guard);
    tcase_add_test(tcase, a_frame_larger_than_the_guard_hits_it_too);
    tcase_add_test(tcase, a_large_frame_fits_a_stack_of_requested_size);
    tcase_add_test(tcase, stack_sizes_and_their_limits);
    tcase_add_test(tcase, stack_sizes_may_change_while_generators_exist);
    tcase_add_test(tcase, a_hundred_thousand_active_generators);
    tcase_add_test(tcase, a_body_uses_the_rounding_mode_of_its_caller);
}

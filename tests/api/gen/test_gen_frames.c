/*
 * Tests of generator functions with large stack frames. Users may compile programs without -fstack-clash-protection, so
 * this file is also compiled without this option. The guard is protected memory below a stack. Without the option, the
 * writes to a large frame can miss the guard, so that no fault occurs.
 */
#include "support/rules.h"

#include <sys/wait.h>
#include <unistd.h>

enum { KIB = 1024, NEIGHBOURS = 64 };

/* Declares a large array and writes only to its lower half. If the stack is too small, the guard may be inside the
   upper half, where nothing is written. */
#define USE_FRAME(size)                       \
    volatile char here[size];                 \
    volatile char *bottom = here;             \
    __asm__ volatile("" : "+r"(bottom));      \
    for (int i = 0; i < (size) / 2; i += 512) \
        bottom[i] = (char)n;

generator(long, frame_of_60, long, n)
{
    USE_FRAME(60 * KIB)
    yield(bottom[0]);
    yield(bottom[512]);
}

generator(long, frame_of_140, long, n)
{
    USE_FRAME(140 * KIB)
    yield(bottom[0]);
    yield(bottom[512]);
}

generator(long, frame_of_3000, long, n)
{
    USE_FRAME(3000 * KIB)
    yield(bottom[0]);
    yield(bottom[512]);
}

#ifndef LADE__SANITIZED
__attribute__((noinline)) static long calls_140(long n) {
    USE_FRAME(140 * KIB)
    return bottom[0];
}

generator(long, calls_a_frame_of_140, long, n)
{
    yield(calls_140(n));
    yield(calls_140(n));
}
#endif

generator(long, keeps_bytes, long, n)
{
    volatile unsigned char kept[8 * KIB];
    for (int i = 0; i < 8 * KIB; i++)
        kept[i] = (unsigned char)n;
    yield(n);
    for (int i = 0; i < 8 * KIB; i++)
        if (kept[i] != (unsigned char)n)
            lade_fail("a byte was changed");
    yield(n + 1);
}

typedef gen_owned(long) make(long n);

/* Runs generators with large frames. The stacks of other generators are on both sides of these frames. The other
   generators check that the memory of their own stacks does not change. */
static void run_between_neighbours(make *make_large) {
    gen(long) others[NEIGHBOURS], large[NEIGHBOURS];
    for (int i = 0; i < NEIGHBOURS; i++) {
        others[i] = keeps_bytes(i);
        assert_next(others[i], i);
        large[i] = make_large(7);
        assert_next(large[i], 7);
    }
    for (int i = 0; i < NEIGHBOURS; i++) {
        assert_next(others[i], i + 1);
        assert_next(large[i], 7);
        ck_assert_int_eq(gen_free(others[i]), LADE_OK);
        ck_assert_int_eq(gen_free(large[i]), LADE_OK);
    }
}

generator(long, sums, make *, make_large)
{
    yield(sum(make_large(7)));
    yield_from(make_large(7));
    for_each (x, make_large(7))
        yield(x);
}

static void run_in_each_way(make *make_large) {
    run_between_neighbours(make_large);
    ck_assert_int_eq(sum(make_large(7)), 14);
    gen_auto(long) inside = sums(make_large);
    assert_items(inside, "14 7 7 7 7");
    /* The requested size of 64 KiB is not enough, so lade takes a larger stack. */
    ck_assert_int_eq(sum(lade_gen_stack(make_large(7), 64 * KIB)), 14);
    gen_auto(long) too_little = lade_gen_stack(make_large(7), 64 * KIB);
    assert_items(too_little, "7 7");
}

START_TEST(a_generator_function_with_a_large_frame_gets_a_large_stack) {
    run_in_each_way(frame_of_60);
    run_in_each_way(frame_of_140);
}
END_TEST

START_TEST(a_frame_of_some_megabytes) {
    ck_assert_int_eq(sum(frame_of_3000(7)), 14);
    gen_auto(long) inside = sums(frame_of_3000);
    assert_items(inside, "14 7 7 7 7");
}
END_TEST

#ifndef LADE__SANITIZED /* a sanitizer would report the writes of the large frame */
/* lade does not measure the frames of functions that a generator function calls. Such a frame may overflow the stack,
   and a signal may end the process. But the frame must not change the stack of another generator. */
START_TEST(a_function_with_a_large_frame_harms_no_other_generator) {
    fflush(NULL);
    pid_t child = fork();
    if (!child) {
        run_between_neighbours(calls_a_frame_of_140);
        _exit(0);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
}
END_TEST
#endif

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "frames");
    tcase_add_test(tcase, a_generator_function_with_a_large_frame_gets_a_large_stack);
    tcase_add_test(tcase, a_frame_of_some_megabytes);
#ifndef LADE__SANITIZED
    tcase_add_test(tcase, a_function_with_a_large_frame_harms_no_other_generator);
#endif
}

/*
 * base/float_mode.h - sets the floating point mode of a thread while the thread computes a net. In this mode, results
 * are rounded to the nearest number, no exception is trapped, and denormal numbers become 0. Denormal numbers are
 * smaller than 1e-38. On many CPUs, an operation on a denormal number takes up to a hundred times as long as another
 * operation. The averages of an optimizer become denormal if a gradient stays 0.
 *
 * The mode is the same for all threads, so the results do not depend on the thread that computes them, or on the mode
 * that the program has set.
 */
#ifndef LADE_SRC_BASE_FLOAT_MODE_H
#define LADE_SRC_BASE_FLOAT_MODE_H

#include <stdint.h>

#if defined __SSE2__
#include <xmmintrin.h>
#endif

/*
 * lade__float_mode_begin() - sets the mode for the calling thread. Returns the previous mode, with the flags of the
 *                            exceptions that have occurred. On a CPU other than x86-64 and AArch64, the function does
 *                            nothing.
 * lade__float_mode_end()   - restores the mode and the flags that lade__float_mode_begin() has returned.
 */
static inline uint64_t lade__float_mode_begin(void) {
#if defined __SSE2__
    uint64_t before = _mm_getcsr();
    _mm_setcsr(0x9fc0); /* all exceptions masked; results and operands that are denormal become 0 */
    return before;
#elif defined __aarch64__
    uint64_t before;
    __asm__ volatile("mrs %0, fpcr" : "=r"(before));
    __asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)1 << 24) : "memory"); /* the bit FZ */
    return before;
#else
    return 0;
#endif
}

static inline void lade__float_mode_end(uint64_t before) {
#if defined __SSE2__
    _mm_setcsr((unsigned)before);
#elif defined __aarch64__
    __asm__ volatile("msr fpcr, %0" : : "r"(before) : "memory");
#else
    (void)before;
#endif
}

#endif

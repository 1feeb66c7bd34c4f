/*
 * Tests that values in registers do not change during a stack switch, neither in the body nor in its consumer. One part
 * of the tests puts a value into each register by name. The other part uses more variables of a type than the CPU has
 * registers for this type. This file is compiled with -march=native, so that the tests also use wide vector registers
 * and mask registers.
 *
 * While the consumer waits, the body overwrites all registers. While the body waits, the consumer overwrites all
 * registers. If the inline assembly of the stack switch forgets a register in its clobber list, the compiler may keep a
 * value in this register. Then the value is overwritten, and the test fails.
 */
#include "support/rules.h"

/* ---- Registers by name ------------------------------------------------------------------------------------------- */

/* Lists of registers. clang-format would move the line breaks of these lists each time it formats the file. */
/* clang-format off */
#if defined(__x86_64__)
#define GENERAL(X) X(rcx) X(rdx) X(rsi) X(rdi) X(r8) X(r9) X(r10) X(r11) X(r12) X(r13) X(r14) X(r15) X(rax) X(rbx)
#define VECTOR(X) \
    X(xmm0)       \
    X(xmm1)       \
    X(xmm2)       \
    X(xmm3) X(xmm4) X(xmm5) X(xmm6) X(xmm7) X(xmm8) X(xmm9) X(xmm10) X(xmm11) X(xmm12) X(xmm13) X(xmm14) X(xmm15)
#define IN_VECTOR "x"
#define SCRIBBLE_GENERAL                                                                                    \
    __asm__ volatile(                                                                                       \
        "movq $-1, %%rax\n movq %%rax, %%rcx\n movq %%rax, %%rdx\n movq %%rax, %%rsi\n movq %%rax, %%rdi\n" \
        "movq %%rax, %%r8\n movq %%rax, %%r9\n movq %%rax, %%r10\n movq %%rax, %%r11\n"                     \
        "movq %%rax, %%r12\n movq %%rax, %%r13\n movq %%rax, %%r14\n movq %%rax, %%r15\n"                   \
        "movq %%rax, %%rbx\n" ::                                                                            \
            : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "cc")
#define ONES(r) "pcmpeqd %%" r ", %%" r "\n"
#define SCRIBBLE_VECTOR                                                                                            \
    __asm__ volatile(ONES("xmm0") ONES("xmm1") ONES("xmm2") ONES("xmm3") ONES("xmm4") ONES("xmm5") ONES("xmm6")    \
                         ONES("xmm7") ONES("xmm8") ONES("xmm9") ONES("xmm10") ONES("xmm11") ONES("xmm12")          \
                             ONES("xmm13") ONES("xmm14") ONES("xmm15")::                                           \
                                 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", \
                                   "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15")
#elif defined(__aarch64__)
#define GENERAL(X)                                                                                                  \
    X(x0)                                                                                                           \
    X(x1)                                                                                                           \
    X(x2)                                                                                                           \
    X(x3) X(x4) X(x5) X(x6) X(x7) X(x8) X(x9) X(x10) X(x11) X(x12) X(x13) X(x14) X(x15) X(x16) X(x17) X(x19) X(x20) \
        X(x21) X(x22) X(x23) X(x24) X(x25) X(x26) X(x27) X(x28)
#define VECTOR(X)                                                                                                   \
    X(v0)                                                                                                           \
    X(v1)                                                                                                           \
    X(v2)                                                                                                           \
    X(v3) X(v4) X(v5) X(v6) X(v7) X(v8) X(v9) X(v10) X(v11) X(v12) X(v13) X(v14) X(v15) X(v16) X(v17) X(v18) X(v19) \
        X(v20) X(v21) X(v22) X(v23) X(v24) X(v25) X(v26) X(v27) X(v28) X(v29) X(v30) X(v31)
#define IN_VECTOR "w"
#define MOVE(r)   "mov " r ", #-1\n"
#define SCRIBBLE_GENERAL                                                                                               \
    __asm__ volatile(MOVE("x0") MOVE("x1") MOVE("x2") MOVE("x3") MOVE("x4") MOVE("x5") MOVE("x6") MOVE("x7")           \
                         MOVE("x8") MOVE("x9") MOVE("x10") MOVE("x11") MOVE("x12") MOVE("x13") MOVE("x14") MOVE("x15") \
                             MOVE("x16") MOVE("x17") MOVE("x19") MOVE("x20") MOVE("x21") MOVE("x22") MOVE("x23")       \
                                 MOVE("x24") MOVE("x25") MOVE("x26") MOVE("x27") MOVE("x28")::                         \
                                     : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11",       \
                                       "x12", "x13", "x14", "x15", "x16", "x17", "x19", "x20", "x21", "x22", "x23",    \
                                       "x24", "x25", "x26", "x27", "x28")
#define ONES(r) "movi v" r ".16b, #255\n"
#define SCRIBBLE_VECTOR                                                                                              \
    __asm__ volatile(ONES("0") ONES("1") ONES("2") ONES("3") ONES("4") ONES("5") ONES("6") ONES("7") ONES("8")       \
                         ONES("9") ONES("10") ONES("11") ONES("12") ONES("13") ONES("14") ONES("15") ONES("16")      \
                             ONES("17") ONES("18") ONES("19") ONES("20") ONES("21") ONES("22") ONES("23") ONES("24") \
                                 ONES("25") ONES("26") ONES("27") ONES("28") ONES("29") ONES("30") ONES("31")::      \
                                     : "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11",     \
                                       "v12", "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22",  \
                                       "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31")
#else
#define GENERAL(X)
#define VECTOR(X)
#define SCRIBBLE_GENERAL (void)0
#define SCRIBBLE_VECTOR  (void)0
#endif

#ifdef __AVX512F__
#include <immintrin.h>
#define MASKS(X) X(k1) X(k2) X(k3) X(k4) X(k5) X(k6) X(k7)
#define HIGH_VECTOR(X)                                                                                          \
    X(xmm16)                                                                                                    \
    X(xmm17)                                                                                                    \
    X(xmm18)                                                                                                    \
    X(xmm19) X(xmm20) X(xmm21) X(xmm22) X(xmm23) X(xmm24) X(xmm25) X(xmm26) X(xmm27) X(xmm28) X(xmm29) X(xmm30) \
        X(xmm31)
#define SCRIBBLE_AVX512                                                                                              \
    __asm__ volatile("kxnorw %%k1, %%k1, %%k1\n kxnorw %%k2, %%k2, %%k2\n kxnorw %%k3, %%k3, %%k3\n"                 \
                     "kxnorw %%k4, %%k4, %%k4\n kxnorw %%k5, %%k5, %%k5\n kxnorw %%k6, %%k6, %%k6\n"                 \
                     "kxnorw %%k7, %%k7, %%k7\n vpxorq %%zmm16, %%zmm16, %%zmm16\n vmovdqa64 %%zmm16, %%zmm17\n"     \
                     "vmovdqa64 %%zmm16, %%zmm18\n vmovdqa64 %%zmm16, %%zmm19\n vmovdqa64 %%zmm16, %%zmm20\n"        \
                     "vmovdqa64 %%zmm16, %%zmm21\n vmovdqa64 %%zmm16, %%zmm22\n vmovdqa64 %%zmm16, %%zmm23\n"        \
                     "vmovdqa64 %%zmm16, %%zmm24\n vmovdqa64 %%zmm16, %%zmm25\n vmovdqa64 %%zmm16, %%zmm26\n"        \
                     "vmovdqa64 %%zmm16, %%zmm27\n vmovdqa64 %%zmm16, %%zmm28\n vmovdqa64 %%zmm16, %%zmm29\n"        \
                     "vmovdqa64 %%zmm16, %%zmm30\n vmovdqa64 %%zmm16, %%zmm31\n" ::                                  \
                         : "k1", "k2", "k3", "k4", "k5", "k6", "k7", "xmm16", "xmm17", "xmm18", "xmm19", "xmm20",    \
                           "xmm21", "xmm22", "xmm23", "xmm24", "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", \
                           "xmm31")
#else
#define SCRIBBLE_AVX512 (void)0
#endif
/* clang-format on */

#define SCRIBBLE          \
    do {                  \
        SCRIBBLE_GENERAL; \
        SCRIBBLE_VECTOR;  \
        SCRIBBLE_AVX512;  \
    } while (0)

generator(long, scribbler)
{
    for (long i = 0;; i++) {
        SCRIBBLE;
        yield(i);
        SCRIBBLE;
    }
}

static long opaque(long x) {
    __asm__ volatile("" : "+r"(x));
    return x;
}

/* Declares a variable `kept` whose value is in the register `name`. The compiler moves the value to memory only if an
   asm statement declares that the register changes. */
#define KEEP_IN(type, constraint, name)                   \
    const type before = (type)opaque(1000 + __COUNTER__); \
    register type held __asm__(#name) = before;           \
    __asm__ volatile("" : "+" constraint(held));          \
    UNTIE(type, constraint)
#ifdef __clang__ /* clang uses the register `name` only in asm statements */
#define UNTIE(type, constraint) const type kept = held
#else
#define UNTIE(type, constraint) \
    type kept;                  \
    __asm__ volatile("" : "=" constraint(kept) : "0"(held))
#endif

#define HOLD(type, constraint, name)                                                      \
    {                                                                                     \
        KEEP_IN(type, constraint, name);                                                  \
        ck_assert_ptr_nonnull(resume(g));                                                 \
        ck_assert_msg(kept == before, #name " lost its value while the consumer waited"); \
    }
#define HOLD_GENERAL(name) HOLD(long, "r", name)
#define HOLD_VECTOR(name)  HOLD(double, IN_VECTOR, name)
#define HOLD_MASK(name)    HOLD(__mmask16, "k", name)
#define HOLD_HIGH(name)    HOLD(double, "v", name)

START_TEST(named_registers_survive_next) {
    gen_auto(long) g = scribbler();
    assert_next(g, 0);
#define resume(g) next(g)
    GENERAL(HOLD_GENERAL)
    VECTOR(HOLD_VECTOR)
#ifdef __AVX512F__
    MASKS(HOLD_MASK)
    HIGH_VECTOR(HOLD_HIGH)
#endif
#undef resume
}
END_TEST

START_TEST(named_registers_survive_send) {
    gen_auto(long) g = scribbler();
    assert_next(g, 0);
#define resume(g) gen_send(g, 1)
    GENERAL(HOLD_GENERAL)
    VECTOR(HOLD_VECTOR)
#undef resume
}
END_TEST

/* Does the same in the body of a generator. While the body waits, the consumer overwrites the registers. */
#define KEEP(type, constraint, name)                                     \
    {                                                                    \
        KEEP_IN(type, constraint, name);                                 \
        yield(1);                                                        \
        if (kept != before)                                              \
            lade_fail("%s lost its value while the body waited", #name); \
    }
#define KEEP_GENERAL(name) KEEP(long, "r", name)
#define KEEP_VECTOR(name)  KEEP(double, IN_VECTOR, name)
#define KEEP_MASK(name)    KEEP(__mmask16, "k", name)
#define KEEP_HIGH(name)    KEEP(double, "v", name)

generator(long, keeper)
{GENERAL(KEEP_GENERAL) VECTOR(KEEP_VECTOR)
#ifdef __AVX512F__
     MASKS(KEEP_MASK) HIGH_VECTOR(KEEP_HIGH)
#endif
}

START_TEST(named_registers_survive_yield) {
    gen_auto(long) g = keeper();
    int n = 0;
    for (long *item; (item = next(g)); n++) {
        ck_assert_int_eq(*item, 1);
        SCRIBBLE;
    }
    ck_assert_msg(!gen_error(g), "%s", gen_error(g) ? gen_error(g)->message : "");
#if defined(__x86_64__) || defined(__aarch64__)
    ck_assert_int_ge(n, 30);
#endif
}
END_TEST

/* ---- More variables in use than registers ------------------------------------------------------------------------ */

enum { LIVE = 24, ROUNDS = 50 };

/* Declares LIVE variables and changes them ROUNDS times, with a stack switch in the middle of each round. Then declares
   `mixed`, the sum of all variables. */
#define MIX(type, switch_here)                                                                                         \
    type a = seed, b = a + 1, c = b + 1, d = c + 1, e = d + 1, f = e + 1, h = f + 1, i = h + 1, j = i + 1, k = j + 1,  \
         l = k + 1, m = l + 1, n = m + 1, o = n + 1, p = o + 1, q = p + 1, r = q + 1, s = r + 1, t = s + 1, u = t + 1, \
         v = u + 1, w = v + 1, x = w + 1, y = x + 1;                                                                   \
    for (int round = 0; round < ROUNDS; round++) {                                                                     \
        a += y, b += a, c -= b, d += c, e -= d, f += e, h -= f, i += h, j -= i, k += j, l -= k, m += l;                \
        switch_here;                                                                                                   \
        n -= m, o += n, p -= o, q += p, r -= q, s += r, t -= s, u += t, v -= u, w += v, x -= w, y += x;                \
        a -= x, b -= y;                                                                                                \
    }                                                                                                                  \
    const type mixed = a + b + c + d + e + f + h + i + j + k + l + m + n + o + p + q + r + s + t + u + v + w + x + y

typedef double double4 __attribute__((vector_size(32)));
typedef unsigned unsigned16 __attribute__((vector_size(64)));

/* Defines a test that computes the variable `mixed` of MIX in three ways: without a stack switch, in a body that
   yields, and in a consumer that calls next(). The three results must be equal. Integers are unsigned, because an
   overflow of signed integers is not defined. */
#define ALL_THREE(type, name)                                                                                        \
    static type name##_plain(type seed) {                                                                            \
        MIX(type, __asm__ volatile("" ::: "memory"));                                                                \
        return mixed;                                                                                                \
    }                                                                                                                \
    generator_static(long, name##_in_body, const type *, in, type *, out)                                            \
    {                                                                                                                \
        const type seed = *in;                                                                                       \
        MIX(type, (void)yield(1));                                                                                   \
        *out = mixed;                                                                                                \
    }                                                                                                                \
    static type name##_around(type seed, lade_gen(long) g) {                                                         \
        MIX(type, ck_assert_ptr_nonnull(next(g)));                                                                   \
        return mixed;                                                                                                \
    }                                                                                                                \
    START_TEST(name##_values_survive) {                                                                              \
        type seed = (type){0} + (name##_scalar)opaque(3);                                                            \
        const type plain = name##_plain(seed);                                                                       \
        type by_body = {0};                                                                                          \
        gen_auto(long) body = name##_in_body(&seed, &by_body);                                                       \
        const type around = name##_around(seed, body);                                                               \
        assert_ended(body);                                                                                          \
        ck_assert_msg(!memcmp(&plain, &by_body, name##_bytes), #type ": a value was lost while the body waited");    \
        ck_assert_msg(!memcmp(&plain, &around, name##_bytes), #type ": a value was lost while the consumer waited"); \
    }                                                                                                                \
    END_TEST

#define integer_scalar unsigned long
#define integer_bytes  sizeof(unsigned long)
ALL_THREE(unsigned long, integer)
#define single_scalar float
#define single_bytes  sizeof(float)
ALL_THREE(float, single)
#define floating_scalar double
#define floating_bytes  sizeof(double)
ALL_THREE(double, floating)
#if defined(__x86_64__)
#define extended_scalar long double
#define extended_bytes  10 /* x87 numbers have 80 bits; the rest is padding */
ALL_THREE(long double, extended)
#endif
#ifdef __AVX__
#define wide_scalar double
#define wide_bytes  sizeof(double4)
ALL_THREE(double4, wide)
#endif
#ifdef __AVX512F__
#define widest_scalar unsigned
#define widest_bytes  sizeof(unsigned16)
ALL_THREE(unsigned16, widest)
#endif

/* ---- The second base pointer ------------------------------------------------------------------------------------- */

static void look_at(char *bytes) {
    __asm__ volatile("" : : "r"(bytes) : "memory");
}

/* Declares variables for which clang needs a second base pointer in a register: an over-aligned array, and memory of
   variable size from alloca(). */
#define ALIGNED_AND_VARIABLE(n)                                        \
    _Alignas(64) char wide[128];                                       \
    char *room = __builtin_alloca((size_t)(n));                        \
    for (long at = 0; at < (n); at++)                                  \
        wide[at % 128] = (char)(at % 100), room[at] = (char)(at % 90); \
    look_at(wide)

generator(long, with_such_a_frame, long, n)
{
    ALIGNED_AND_VARIABLE(n);
    for (long i = 0; i < n; i++) {
        look_at(room);
        yield(wide[i] * 1000 + room[i]);
        look_at(wide);
    }
}

START_TEST(frames_with_a_second_base_pointer) {
    enum { N = 100 };
    const long n = opaque(N);
    ALIGNED_AND_VARIABLE(n);
    long i = 0;
    gen_auto(long) g = with_such_a_frame(n);
    for (long *item; (item = next(g)); i++) {
        ck_assert_int_eq(*item, wide[i] * 1000 + room[i]);
        look_at(room);
    }
    ck_assert_int_eq(i, n);
    i = 0;
    for_each (x, with_such_a_frame(n)) {
        ck_assert_int_eq(x, wide[i] * 1000 + room[i]);
        i++;
    }
    ck_assert_int_eq(i, n);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "registers");
    tcase_add_test(tcase, named_registers_survive_next);
    tcase_add_test(tcase, named_registers_survive_send);
    tcase_add_test(tcase, named_registers_survive_yield);
    tcase_add_test(tcase, frames_with_a_second_base_pointer);
    tcase_add_test(tcase, integer_values_survive);
    tcase_add_test(tcase, single_values_survive);
    tcase_add_test(tcase, floating_values_survive);
#if defined(__x86_64__)
    tcase_add_test(tcase, extended_values_survive);
#endif
#ifdef __AVX__
    tcase_add_test(tcase, wide_values_survive);
#endif
#ifdef __AVX512F__
    tcase_add_test(tcase, widest_values_survive);
#endif
}

/*
 * lade/gen_switch.h - the stack switch that the compiler inlines into lade_next and lade_yield. Private to gen.h.
 *
 * Only the stack pointer, the place to go on at, the frame pointer and the register compilers may use as a second base
 * pointer are stored by hand; every other register is declared clobbered, so the compiler saves what is alive and no
 * more. Everything is stored by `mov` into the port, never pushed: the red zone below the stack pointer stays whole.
 * The same contexts are written and read by src/gen/switch_*.S, so a stack left by one way is entered by the other.
 *
 * The landing label carries the mark that -fcf-protection (x86) or -mbranch-protection (AArch64) asks of the target of
 * an indirect jump. Sanitizers must be told of a switch: under them the library's own function does it.
 */
#ifndef LADE_GEN_SWITCH_H
#define LADE_GEN_SWITCH_H

#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LADE__SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LADE__SANITIZED 1
#endif

#if !defined(LADE__SANITIZED) && !defined(__cplusplus) && !defined(LADE_NO_INLINE_SWITCH) && \
    ((defined(__x86_64__) && !defined(__ILP32__)) || (defined(__aarch64__) && defined(__AARCH64EL__)))
#define LADE__INLINE_SWITCH 1
#else
#define LADE__INLINE_SWITCH 0
#endif

/* What is kept of a stack that waits. The offsets are known to src/gen/switch_*.S. */
struct lade_context {
    void *sp;   /* stack pointer */
    void *pc;   /* where it goes on */
    void *fp;   /* rbp, x29 */
    void *base; /* rbx, x19 */
};

#if LADE__INLINE_SWITCH

#define LADE__CTX(port_type, side, field)                                            \
    "i"(offsetof(struct port_type, context) + (side) * sizeof(struct lade_context) + \
        offsetof(struct lade_context, field))

#if defined(__x86_64__)

#ifdef __CET__
#define LADE__LANDING "endbr64\n"
#else
#define LADE__LANDING ""
#endif
#ifdef __AVX512F__
#define LADE__CLOBBER_AVX512                                                                                      \
    , "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24", "xmm25", "xmm26", "xmm27", \
        "xmm28", "xmm29", "xmm30", "xmm31", "k1", "k2", "k3", "k4", "k5", "k6", "k7"
#else
#define LADE__CLOBBER_AVX512
#endif

/* Store the running stack in context[from], go on with context[to]; `port` stays in rdi across. */
#define LADE__SWITCH(port, from, to)                                                                                   \
    __asm__ volatile("leaq 1f(%%rip), %%rax\n"                                                                         \
                     "movq %%rsp, %c[from_sp](%%rdi)\n"                                                                \
                     "movq %%rax, %c[from_pc](%%rdi)\n"                                                                \
                     "movq %%rbp, %c[from_fp](%%rdi)\n"                                                                \
                     "movq %%rbx, %c[from_base](%%rdi)\n"                                                              \
                     "movq %c[to_pc](%%rdi), %%rax\n"                                                                  \
                     "movq %c[to_fp](%%rdi), %%rbp\n"                                                                  \
                     "movq %c[to_base](%%rdi), %%rbx\n"                                                                \
                     "movq %c[to_sp](%%rdi), %%rsp\n"                                                                  \
                     "jmpq *%%rax\n"                                                                                   \
                     "1:\n" LADE__LANDING                                                                              \
                     : "+D"(port)                                                                                      \
                     : [from_sp] LADE__CTX(lade_port, from, sp), [from_pc] LADE__CTX(lade_port, from, pc),             \
                       [from_fp] LADE__CTX(lade_port, from, fp), [from_base] LADE__CTX(lade_port, from, base),         \
                       [to_sp] LADE__CTX(lade_port, to, sp), [to_pc] LADE__CTX(lade_port, to, pc),                     \
                       [to_fp] LADE__CTX(lade_port, to, fp), [to_base] LADE__CTX(lade_port, to, base)                  \
                     : "rax", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "xmm0",       \
                       "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",       \
                       "xmm12", "xmm13", "xmm14", "xmm15", "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)", \
                       "st(7)", "cc", "memory" LADE__CLOBBER_AVX512)

#else /* AArch64 */

#ifdef __ARM_FEATURE_BTI_DEFAULT
#define LADE__LANDING "hint #36\n" /* bti j */
#else
#define LADE__LANDING ""
#endif
#ifdef __APPLE__
#define LADE__CLOBBER_X18 /* the system's own */
#else
#define LADE__CLOBBER_X18 "x18",
#endif
#ifdef __ARM_FEATURE_SVE
#define LADE__CLOBBER_SVE \
    , "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10", "p11", "p12", "p13", "p14", "p15"
#else
#define LADE__CLOBBER_SVE
#endif

#define LADE__SWITCH(port, from, to)                                                                                  \
    do {                                                                                                              \
        register __typeof__(port) lade__x0 __asm__("x0") = (port);                                                    \
        __asm__ volatile("adr x9, 1f\n"                                                                               \
                         "mov x10, sp\n"                                                                              \
                         "stp x10, x9, [x0, %[from_sp]]\n"                                                            \
                         "stp x29, x19, [x0, %[from_fp]]\n"                                                           \
                         "ldp x10, x9, [x0, %[to_sp]]\n"                                                              \
                         "ldp x29, x19, [x0, %[to_fp]]\n"                                                             \
                         "mov sp, x10\n"                                                                              \
                         "br x9\n"                                                                                    \
                         "1:\n" LADE__LANDING                                                                         \
                         : "+r"(lade__x0)                                                                             \
                         : [from_sp] LADE__CTX(lade_port, from, sp), [from_fp] LADE__CTX(lade_port, from, fp),        \
                           [to_sp] LADE__CTX(lade_port, to, sp), [to_fp] LADE__CTX(lade_port, to, fp)                 \
                         : "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14",   \
                           "x15", "x16", "x17", LADE__CLOBBER_X18 "x20", "x21", "x22", "x23", "x24", "x25", "x26",    \
                           "x27", "x28", "x30", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10",    \
                           "v11", "v12", "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", \
                           "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31", "cc", "memory" LADE__CLOBBER_SVE); \
        (port) = lade__x0;                                                                                            \
    } while (0)

#endif
#endif /* LADE__INLINE_SWITCH */
#endif

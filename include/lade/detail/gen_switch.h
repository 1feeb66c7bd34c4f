/*
 * lade/detail/gen_switch.h - the stack switch that the compiler inlines into lade_next and lade_yield. Only gen.h uses
 * this header.
 *
 * The assembly saves only four values: the stack pointer, the resume address, the frame pointer and, if the compiler
 * uses a second register as base pointer, this register. All other registers are declared as clobbered, so the compiler
 * saves the registers that are in use. The four values are called the context of the stack. They are stored in the port
 * (struct lade_port, see gen_runtime.h) and never pushed, because the red zone below the stack pointer may be in use.
 * The code that suspends a stack saves the context of this stack and jumps to the resume address of the other stack.
 * The code at the resume address gets the port in rdi (x0) and restores the registers of its own stack.
 * src/gen/switch_*.S contain a second stack switch, which uses the same contexts. Each of the two switches can resume a
 * stack that was suspended by the other switch.
 *
 * The resume label starts with the instruction that -fcf-protection (x86) or -mbranch-protection (AArch64) requires at
 * the target of an indirect jump. Sanitizers must be notified of each stack switch, so sanitizer builds call the switch
 * function of the library instead.
 */
#ifndef LADE_DETAIL_GEN_SWITCH_H
#define LADE_DETAIL_GEN_SWITCH_H

#pragma GCC system_header /* see gen_runtime.h */

#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LADE__SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LADE__SANITIZED 1
#endif

/* The inlined switch is disabled with APX (an extension of x86-64), because the 16 additional registers of APX are
   caller-saved and are missing in the clobber lists below. */
#if !defined(LADE__SANITIZED) && !defined(LADE_NO_INLINE_SWITCH) && !defined(__APX_F__) && \
    ((defined(__x86_64__) && !defined(__ILP32__)) || (defined(__aarch64__) && defined(__AARCH64EL__)))
#define LADE__INLINE_SWITCH 1
#else
#define LADE__INLINE_SWITCH 0
#endif

/* The saved context of a suspended stack. src/gen/switch_*.S contain the offsets of the fields. */
struct lade_context {
    void *sp;   /* stack pointer */
    void *pc;   /* resume address */
    void *fp;   /* rbp, x29 */
    void *base; /* rbx, x19 */
};

#if LADE__INLINE_SWITCH

#define LADE__CTX(side, field)                                                       \
    "i"(offsetof(struct lade_port, context) + (side) * sizeof(struct lade_context) + \
        offsetof(struct lade_context, field))
#define LADE__CTX_OF(side) \
    [sp] LADE__CTX(side, sp), [pc] LADE__CTX(side, pc), [fp] LADE__CTX(side, fp), [base] LADE__CTX(side, base)

/*
 * LADE__ENTER(port, pc, item) - switches from the caller to the generator function, which continues at `pc`. Afterwards
 *                               `item` points to the item that was yielded, or is NULL if the function has returned.
 * LADE__LEAVE(port, item)     - switches from the generator function to its caller and passes `item`.
 *
 * All arguments are plain variables. `port` keeps its value, but is an output of the assembly, so that the compiler
 * knows the register of `port` and does not load `port` again.
 */
#if defined(__x86_64__)

#ifdef __CET__
#define LADE__LANDING "endbr64\n"
#else
#define LADE__LANDING ""
#endif
#ifdef __AVX512F__ /* the list contains k0, because gcc uses k0 to save other registers */
#define LADE__CLOBBER_AVX512                                                                                      \
    , "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24", "xmm25", "xmm26", "xmm27", \
        "xmm28", "xmm29", "xmm30", "xmm31", "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7"
#else
#define LADE__CLOBBER_AVX512
#endif

/* In functions with both over-aligned and variable-sized locals, clang 14 to 18 use rbx as base pointer even if rbx is
   in the clobber list. In such a function, the address of each local variable is relative to rbx. So the assembler
   looks for an x in the address of lade__local, and saves rbx only if it finds an x. Other functions need no code.
   .altmacro allows the angle brackets, in which both assemblers take the address as a list of characters. */
#ifdef __clang__
#define LADE__IF_BASE(instruction) \
    ".altmacro\n.irpc letter, <%[local]>\n.ifc \\letter, x\n" instruction "\n.endif\n.endr\n.noaltmacro\n"
#define LADE__SAVE_BASE     LADE__IF_BASE("movq %%rbx, %c[base](%%rdi)")
#define LADE__RESTORE_BASE  LADE__IF_BASE("movq %c[base](%%rdi), %%rbx")
#define LADE__DECLARE_LOCAL __attribute__((uninitialized)) char lade__local;
#define LADE__LOCAL         , [local] "=m"(lade__local)
#else
#define LADE__SAVE_BASE
#define LADE__RESTORE_BASE
#define LADE__DECLARE_LOCAL
#define LADE__LOCAL
#endif

#define LADE__SAVE_SP "movq %%rsp, %c[sp](%%rdi)\n"
#define LADE__SAVE_PC "movq %%rcx, %c[pc](%%rdi)\n"
#define LADE__SAVE_FP "movq %%rbp, %c[fp](%%rdi)\n" LADE__SAVE_BASE
#define LADE__ARRIVE                                   \
    "1:\n" LADE__LANDING "movq %c[sp](%%rdi), %%rsp\n" \
    "movq %c[fp](%%rdi), %%rbp\n" LADE__RESTORE_BASE
#define LADE__CLOBBERS                                                                                                 \
    "rbx", "rcx", "rsi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", \
        "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "st", "st(1)",   \
        "st(2)", "st(3)", "st(4)", "st(5)", "st(6)", "st(7)", "cc", "memory" LADE__CLOBBER_AVX512

/* A loop enters a generator always from the same place, so the resume address of the loop is usually in the context
   already. It is only stored if it differs, because a store takes more time than a comparison. */
#define LADE__ENTER(port, pc, item)                                                                \
    do {                                                                                           \
        LADE__DECLARE_LOCAL                                                                        \
        __asm__ volatile("leaq 1f(%%rip), %%rcx\n" LADE__SAVE_SP "cmpq %%rcx, %c[pc](%%rdi)\n"     \
                         "je 2f\n" LADE__SAVE_PC "2:\n" LADE__SAVE_FP "jmpq *%[to]\n" LADE__ARRIVE \
                         : "+D"(port), "=a"(item), [to] "+d"(pc)LADE__LOCAL                        \
                         : LADE__CTX_OF(LADE__OUTER)                                               \
                         : LADE__CLOBBERS);                                                        \
    } while (0)
#define LADE__LEAVE(port, item)                                                              \
    do {                                                                                     \
        LADE__DECLARE_LOCAL                                                                  \
        __asm__ volatile("leaq 1f(%%rip), %%rcx\n" LADE__SAVE_SP LADE__SAVE_PC LADE__SAVE_FP \
                         "jmpq *%c[to](%%rdi)\n" LADE__ARRIVE                                \
                         : "+D"(port), "+a"(item)LADE__LOCAL                                 \
                         : LADE__CTX_OF(LADE__INNER), [to] LADE__CTX(LADE__OUTER, pc)        \
                         : "rdx", LADE__CLOBBERS);                                           \
    } while (0)

#else /* AArch64 */

#ifdef __ARM_FEATURE_BTI_DEFAULT
#define LADE__LANDING "hint #36\n" /* bti j */
#else
#define LADE__LANDING ""
#endif
#ifdef __APPLE__
#define LADE__CLOBBER_X18 /* reserved by the platform ABI */
#else
#define LADE__CLOBBER_X18 "x18",
#endif
#ifdef __ARM_FEATURE_SVE
#define LADE__CLOBBER_SVE \
    , "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10", "p11", "p12", "p13", "p14", "p15"
#else
#define LADE__CLOBBER_SVE
#endif

#define LADE__SAVE               \
    "adr x9, 1f\n"               \
    "mov x10, sp\n"              \
    "stp x10, x9, [x0, %[sp]]\n" \
    "stp x29, x19, [x0, %[fp]]\n"
#define LADE__ARRIVE                              \
    "1:\n" LADE__LANDING "ldr x10, [x0, %[sp]]\n" \
    "ldp x29, x19, [x0, %[fp]]\n"                 \
    "mov sp, x10\n"
#define LADE__CLOBBERS                                                                                            \
    "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17",             \
        LADE__CLOBBER_X18 "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x30", "v0", "v1", "v2", \
        "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15", "v16", "v17", "v18",  \
        "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31", "cc",          \
        "memory" LADE__CLOBBER_SVE

/*
 * x0 is the port, x1 the item and x2 the address to jump to. The empty asm at the end stops GCC from treating a
 * variable and its register as the same thing. Without the empty asm, GCC omits the next "x0 = port", although a call
 * has changed x0.
 */
#define LADE__GO(port, pc, item, side)                                    \
    do {                                                                  \
        register __typeof__(port) lade__x0 __asm__("x0") = (port);        \
        register void *lade__x1 __asm__("x1") = (item);                   \
        register void *lade__x2 __asm__("x2") = (pc);                     \
        __asm__ volatile(LADE__SAVE "br x2\n" LADE__ARRIVE                \
                         : "+r"(lade__x0), "+r"(lade__x1), "+r"(lade__x2) \
                         : LADE__CTX_OF(side)                             \
                         : LADE__CLOBBERS);                               \
        (port) = lade__x0;                                                \
        (item) = lade__x1;                                                \
        __asm__("" : "+r"(port), "+r"(item));                             \
    } while (0)
/* The caller passes no item to the generator function. NULL only avoids a warning about an uninitialised variable. */
#define LADE__ENTER(port, pc, item)            \
    do {                                       \
        (item) = NULL;                         \
        LADE__GO(port, pc, item, LADE__OUTER); \
    } while (0)
#define LADE__LEAVE(port, item) LADE__GO(port, (port)->context[LADE__OUTER].pc, item, LADE__INNER)

#endif
#endif /* LADE__INLINE_SWITCH */
#endif

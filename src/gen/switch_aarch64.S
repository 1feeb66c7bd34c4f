/*
 * Implements the stack switch for AArch64 with the calling convention AAPCS64. The switch uses the contexts of
 * <lade/detail/gen_switch.h>. First it pushes the callee-saved registers (x19-x30, the low halves of v8-v15). The
 * switch does not change the register FPCR, so a generator function runs with the FPCR value of its caller.
 */
#if defined(__aarch64__) && defined(__AARCH64EL__) && !defined(LADE_FORCE_UCONTEXT)

#define ITEM  104              /* offsetof(struct lade_port, item); switch_asm.c checks these offsets */
#define INNER 0              /* offsetof(struct lade_port, context) */
#define OUTER 32
#define SP    0
#define PC    8

/* A port has two sides: the generator function (INNER) and its caller (OUTER). This macro suspends the side `from` and
   resumes the side `to`, which expects the item in x1. The macro ends when the side `from` is resumed. */
        .macro  leave_and_arrive from, to
        adr     x9, 1f
        mov     x10, sp
        stp     x10, x9, [x0, #\from+SP]
        ldr     x1, [x0, #ITEM]
        ldr     x2, [x0, #\to+PC]
        str     xzr, [x0, #\to+PC]
        br      x2
1:      hint    #36                             /* bti j */
        ldr     x10, [x0, #\from+SP]
        mov     sp, x10
        .endm

        .text

/* void lade__switch(struct lade_port *port [x0], int from [w1]) */
        .globl  lade__switch
        .hidden lade__switch
        .type   lade__switch, %function
        .p2align 4
lade__switch:
        .cfi_startproc
        hint    #34                             /* bti c */
        stp     x29, x30, [sp, #-176]!
        .cfi_adjust_cfa_offset 176
        .cfi_rel_offset x29, 0
        .cfi_rel_offset x30, 8
        stp     x19, x20, [sp, #16]
        stp     x21, x22, [sp, #32]
        stp     x23, x24, [sp, #48]
        stp     x25, x26, [sp, #64]
        stp     x27, x28, [sp, #80]
        stp     d8, d9, [sp, #96]
        stp     d10, d11, [sp, #112]
        stp     d12, d13, [sp, #128]
        stp     d14, d15, [sp, #144]
        cbnz    w1, 3f
        leave_and_arrive INNER, OUTER
2:      ldp     x19, x20, [sp, #16]
        ldp     x21, x22, [sp, #32]
        ldp     x23, x24, [sp, #48]
        ldp     x25, x26, [sp, #64]
        ldp     x27, x28, [sp, #80]
        ldp     d8, d9, [sp, #96]
        ldp     d10, d11, [sp, #112]
        ldp     d12, d13, [sp, #128]
        ldp     d14, d15, [sp, #144]
        ldp     x29, x30, [sp], #176
        .cfi_remember_state
        .cfi_adjust_cfa_offset -176
        .cfi_restore x29
        .cfi_restore x30
        ret
        .cfi_restore_state
3:      leave_and_arrive OUTER, INNER
        b       2b
        .cfi_endproc
        .size   lade__switch, .-lade__switch

/* This is the first code on the stack of each generator. The code stores the port (x0) on the stack for lade__unwound,
   and then jumps to lade__gen_main, which never returns. A call instruction would be slower: if a called function never
   returns, the CPU mispredicts every later `ret`. */
        .globl  lade__switch_base
        .hidden lade__switch_base
        .hidden lade__unwound
        .type   lade__switch_base, %function
        .p2align 4
lade__switch_base:
        .cfi_startproc
        .cfi_personality 0x1b, lade__unwound    /* 0x1b: the address is an offset from its own position */
        .cfi_undefined x30
        hint    #36
        ldr     x10, [x0, #INNER+SP]
        mov     sp, x10
        str     x0, [sp, #-16]!
        mov     x29, #0
        adr     x30, 1f
        b       lade__gen_main
1:      brk     #1
        .cfi_endproc
        .size   lade__switch_base, .-lade__switch_base

/* void lade__call_at(void *top [x0], f [x1], a [x2], b [x3]). Calls f(a, b) on the stack whose end is top. */
        .globl  lade__call_at
        .hidden lade__call_at
        .type   lade__call_at, %function
        .p2align 4
lade__call_at:
        .cfi_startproc
        hint    #34
        stp     x29, x30, [sp, #-16]!
        .cfi_adjust_cfa_offset 16
        .cfi_rel_offset x29, 0
        .cfi_rel_offset x30, 8
        mov     x29, sp
        .cfi_def_cfa_register x29
        mov     sp, x0
        mov     x9, x1
        mov     x0, x2
        mov     x1, x3
        blr     x9
        mov     sp, x29
        .cfi_def_cfa_register sp
        ldp     x29, x30, [sp], #16
        .cfi_adjust_cfa_offset -16
        .cfi_restore x29
        .cfi_restore x30
        ret
        .cfi_endproc
        .size   lade__call_at, .-lade__call_at

#endif

#ifdef __ARM_FEATURE_BTI_DEFAULT /* marks this file for BTI; the linker uses BTI only if all object files are marked */
        .section .note.gnu.property, "a"
        .p2align 3
        .word   4, 16, 5                        /* lengths of name and descriptor, NT_GNU_PROPERTY_TYPE_0 */
        .asciz  "GNU"
        .word   0xc0000000, 4, 1, 0             /* GNU_PROPERTY_AARCH64_FEATURE_1_AND: BTI */
#endif

#if defined(__linux__) && defined(__ELF__)
        .section .note.GNU-stack, "", %progbits
#endif

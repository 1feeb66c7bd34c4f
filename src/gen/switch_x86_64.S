/*
 * Implements the stack switch for x86-64 with the System V calling convention. The switch uses the contexts of
 * <lade/detail/gen_switch.h>. First it pushes the callee-saved registers, so that the switch can be called like an
 * ordinary function. The switch does not change the floating-point control words, so a generator function runs with the
 * control words of its caller.
 *
 * The object file is not marked for shadow stacks, because with a shadow stack the CPU does not allow a stack switch by
 * jumps. So a program that is linked with this object file runs without a shadow stack. The object file is marked for
 * indirect branch tracking, because each target of an indirect jump begins with endbr64.
 */
#if defined(__x86_64__) && !defined(__ILP32__) && !defined(LADE_FORCE_UCONTEXT)

#define ITEM  104              /* offsetof(struct lade_port, item); switch_asm.c checks these offsets */
#define INNER 0              /* offsetof(struct lade_port, context) */
#define OUTER 32
#define SP    0
#define PC    8

/* A port has two sides: the generator function (INNER) and its caller (OUTER). This macro suspends the side `from` and
   resumes the side `to`, which expects the item in rax. The macro ends when the side `from` is resumed. */
        .macro  leave_and_arrive from, to
        leaq    1f(%rip), %rcx
        movq    %rsp, \from+SP(%rdi)
        movq    %rcx, \from+PC(%rdi)
        movq    ITEM(%rdi), %rax
        movq    \to+PC(%rdi), %rdx
        movq    $0, \to+PC(%rdi)
        jmpq    *%rdx
1:      endbr64
        movq    \from+SP(%rdi), %rsp
        .endm

        .text

/* void lade__switch(struct lade_port *port [rdi], int from [esi]) */
        .globl  lade__switch
        .hidden lade__switch
        .type   lade__switch, @function
        .p2align 4
lade__switch:
        .cfi_startproc
        endbr64
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbp, 0
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbx, 0
        pushq   %r12
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r12, 0
        pushq   %r13
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r13, 0
        pushq   %r14
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r14, 0
        pushq   %r15
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r15, 0
        testl   %esi, %esi
        jnz     3f
        leave_and_arrive INNER, OUTER
2:      popq    %r15
        .cfi_remember_state
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r15
        popq    %r14
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r14
        popq    %r13
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r13
        popq    %r12
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r12
        popq    %rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore %rbx
        popq    %rbp
        .cfi_adjust_cfa_offset -8
        .cfi_restore %rbp
        /* A jump is used instead of `ret`, because the CPU would predict that `ret` returns to the caller on the other
           stack. */
        popq    %rcx
        .cfi_adjust_cfa_offset -8
        .cfi_register %rip, %rcx
        notrack jmpq *%rcx
        .cfi_restore_state
3:      leave_and_arrive OUTER, INNER
        jmp     2b
        .cfi_endproc
        .size   lade__switch, .-lade__switch

/* This is the first code on the stack of each generator. The code stores the port (rdi) on the stack for
   lade__unwound, and then jumps to lade__gen_main, which never returns. A call instruction would be slower: if a called
   function never returns, the CPU mispredicts every later `ret`. */
        .globl  lade__switch_base
        .hidden lade__switch_base
        .hidden lade__unwound
        .type   lade__switch_base, @function
        .p2align 4
lade__switch_base:
        .cfi_startproc
        .cfi_personality 0x1b, lade__unwound    /* 0x1b: the address is an offset from its own position */
        .cfi_undefined %rip
        endbr64
        movq    INNER+SP(%rdi), %rsp
        xorl    %ebp, %ebp
        pushq   %rdi
        pushq   %rdi
        leaq    1f(%rip), %rax
        pushq   %rax
        jmp     lade__gen_main
1:      ud2
        .cfi_endproc
        .size   lade__switch_base, .-lade__switch_base

/* void lade__call_at(void *top [rdi], f [rsi], a [rdx], b [rcx]). Calls f(a, b) on the stack whose end is top. */
        .globl  lade__call_at
        .hidden lade__call_at
        .type   lade__call_at, @function
        .p2align 4
lade__call_at:
        .cfi_startproc
        endbr64
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbp, 0
        movq    %rsp, %rbp
        .cfi_def_cfa_register %rbp
        movq    %rdi, %rsp
        movq    %rsi, %rax
        movq    %rdx, %rdi
        movq    %rcx, %rsi
        call    *%rax
        movq    %rbp, %rsp
        .cfi_def_cfa_register %rsp
        popq    %rbp
        .cfi_adjust_cfa_offset -8
        .cfi_restore %rbp
        ret
        .cfi_endproc
        .size   lade__call_at, .-lade__call_at

#if defined(__CET__) && (__CET__ & 1) /* -fcf-protection=branch or full */
        .section .note.gnu.property, "a"
        .p2align 3
        .long   4, 16, 5       /* sizes of the name and of the property; NT_GNU_PROPERTY_TYPE_0 */
        .asciz  "GNU"
        .long   0xc0000002, 4  /* GNU_PROPERTY_X86_FEATURE_1_AND and its size */
        .long   1, 0           /* indirect branch tracking; padding */
#endif
#endif

#if defined(__linux__) && defined(__ELF__)
        .section .note.GNU-stack, "", %progbits
#endif

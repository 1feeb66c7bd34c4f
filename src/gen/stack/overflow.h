/*
 * Explains stack overflows of generators. See overflow.c.
 */
#ifndef LADE_GEN_STACK_OVERFLOW_H
#define LADE_GEN_STACK_OVERFLOW_H

/* Gives this thread a stack for the signal handler if lade_explain_overflow() was called. */
void lade__overflow_thread_begin(void);

#endif

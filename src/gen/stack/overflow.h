/*
 * Explains stack overflows of generators. See overflow.c.
 */
#ifndef LADE_GEN_STACK_OVERFLOW_H
#define LADE_GEN_STACK_OVERFLOW_H

/* If lade_explain_overflow() was called, makes a signal stack for this thread, on which the signal handler runs. */
void lade__overflow_thread_begin(void);

#endif

/*
 * Explains stack overflows of generators. See overflow.c.
 */
#ifndef LADE_GEN_OVERFLOW_H
#define LADE_GEN_OVERFLOW_H

/* Gives this thread a stack for the signal handler if lade_explain_overflow() was called. Returns 0, or -1 if the
   thread needs lade__overflow_thread_end() before it ends. */
int lade__overflow_thread_begin(void);

/* Frees the stack for the signal handler of this thread. */
void lade__overflow_thread_end(void);

#endif

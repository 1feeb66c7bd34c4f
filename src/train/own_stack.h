/*
 * train/own_stack.h - run a function that needs more stack than a generator's body can be asked to have.
 */
#ifndef LADE_SRC_TRAIN_OWN_STACK_H
#define LADE_SRC_TRAIN_OWN_STACK_H

#include <lade/base.h>

/*
 * lade__on_own_stack() - call @fn(@ctx, @err) on a fresh thread with megabytes of stack and wait for it.
 *
 * Returns what @fn returned, or LADE_ENOMEM with @err where no thread could be started. Costs some 50 microseconds.
 */
int lade__on_own_stack(int (*fn)(void *ctx, struct lade_error *err), void *ctx, struct lade_error *err);

#endif

/*
 * lade/train/cancel.h - ends the computations of a net from another thread. lade/train.h includes this header.
 *
 * A net computes on the thread of the caller and on threads of its own. These calls can take a long time:
 *
 *   lade_net_predict(), lade_net_evaluate()
 *                        return LADE_ECANCELED after the current layer, typically within a few milliseconds
 *   lade_fit(), lade_fit_next(), lade_trainer_backward()
 *                        return LADE_ECANCELED before the next step. A step that has begun is finished, so the
 *                        parameters and the position of the run are always those of a whole step
 *
 * If a call waits for its source, the cancellation has no effect until the source returns. If the source is a flow,
 * also call lade_flow_cancel(). The run then gets LADE_ECANCELED from the flow, and no batch is lost.
 *
 * A run of lade_fit() that returns LADE_ECANCELED during training has not failed. After lade_net_uncancel(),
 * lade_fit_next() continues the run. lade_fit_close() writes a checkpoint. The generator of lade_fit() ends and writes
 * a checkpoint. A run that is canceled during the validation has ended. Its checkpoint begins with the validation.
 *
 * lade_net_free() and lade_fit_close() wait for no other thread, because the threads of a net are idle between calls.
 */
#ifndef LADE_TRAIN_CANCEL_H
#define LADE_TRAIN_CANCEL_H

#include <lade/base.h>
#include <lade/train/net.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * lade_net_cancel()   - makes all current and later computations of @net return LADE_ECANCELED, until
 *                       lade_net_uncancel() is called.
 * lade_net_uncancel() - ends the cancellation. The net and its runs are in the state before the canceled call.
 *
 * Any thread may call these functions at any time until lade_net_free() is called. They only store a flag, so they do
 * not wait, and a signal handler may call them.
 */
LADE_API void lade_net_cancel(lade_net *net);
LADE_API void lade_net_uncancel(lade_net *net);

#ifdef __cplusplus
}
#endif
#endif

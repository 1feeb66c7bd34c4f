/*
 * lade/train/cancel.h - ends the computations of a net from another thread. lade/train.h includes this header.
 *
 * A net computes on the thread of the caller and on its own threads. These calls can take a long time:
 *
 *   lade_net_predict(), lade_net_evaluate()
 *                        return LADE_ECANCELED after the current layer, typically within a few milliseconds
 *   lade_fit(), lade_fit_next(), lade_trainer_backward()
 *                        return LADE_ECANCELED before the next step. A step is one batch. If a step has begun, it is
 *                        finished first, so the parameters and the position of the run always belong to the end of a
 *                        step
 *
 * If a call waits for its source, the cancellation has no effect until the source returns. If the source is a flow,
 * also call lade_flow_cancel(): the flow then returns LADE_ECANCELED to the run, and no batch is lost.
 *
 * If a run is canceled during training, the training can continue. The generator of lade_fit() writes a checkpoint and
 * ends. A lade_fit_run does not end: after lade_net_uncancel(), lade_fit_next() continues the run, or lade_fit_close()
 * writes a checkpoint. If a run is canceled during the validation, the run has ended. A run that is resumed from its
 * checkpoint begins with the validation.
 *
 * lade_net_free() and lade_fit_close() do not wait for other threads, because the threads of a net are idle between
 * calls.
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
 * lade_net_uncancel() - ends the cancellation, so that later computations of @net run normally.
 *
 * Any thread may call these functions at any time until lade_net_free() is called. The functions only store a flag, so
 * they do not wait, and a signal handler may call them.
 */
LADE_API void lade_net_cancel(lade_net *net);
LADE_API void lade_net_uncancel(lade_net *net);

#ifdef __cplusplus
}
#endif
#endif

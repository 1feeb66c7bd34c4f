/*
 * train/checkpoint.h - a net as a file, and what a run leaves beside it.
 */
#ifndef LADE_SRC_TRAIN_CHECKPOINT_H
#define LADE_SRC_TRAIN_CHECKPOINT_H

#include <lade/train.h>

#include "train/safetensors.h"

/* An array as long as the block of what is learnt; its tensors are called "NAME.0.weight". */
struct lade__block {
    const char *name;
    float *floats;
};

/*
 * lade__checkpoint_write() - as lade_net_save(), with one more entry of "__metadata__" (or NULL) and @count blocks.
 *
 * lade__checkpoint_read() - the reverse, into a net that exists: it must be of the same specification, shape, loss and
 * seed. Changes nothing unless all is there.
 *
 * Return LADE_OK; LADE_EMISMATCH (a checkpoint of another net: what differs is named), or what lade_net_save() and
 * lade_net_load() return, with @err (of lade__checkpoint_read() without the path).
 */
int lade__checkpoint_write(const lade_net *net, const char *path, const struct lade__meta *more,
                           const struct lade__block *blocks, int count, struct lade_error *err);
int lade__checkpoint_read(lade_net *net, const struct lade__safetensors *file, const struct lade__block *blocks,
                          int count, struct lade_error *err);

#endif

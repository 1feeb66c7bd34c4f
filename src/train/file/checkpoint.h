/*
 * train/file/checkpoint.h - a net as a file, and what a run leaves beside it.
 */
#ifndef LADE_SRC_TRAIN_FILE_CHECKPOINT_H
#define LADE_SRC_TRAIN_FILE_CHECKPOINT_H

#include <lade/train.h>

#include "train/file/safetensors.h"

/* An array as long as the block of what is learnt; its tensors are called "NAME.0.weight". */
struct lade__block {
    const char *name;
    float *floats;
};

/*
 * lade__checkpoint_write() - as lade_net_save(), with one more entry of "__metadata__" (or NULL) and @count blocks.
 *
 * lade__checkpoint_check() - can it be read into a net that exists: is it of the same specification, shape, loss and
 * seed, and is all there? Changes nothing.
 *
 * lade__checkpoint_read() - the reverse of writing, after lade__checkpoint_check(). Only the disk can fail; then the
 * net may hold some of it, which no other failure brings about.
 *
 * Return LADE_OK; LADE_EMISMATCH (a checkpoint of another net: what differs is named), or what lade_net_save() and
 * lade_net_load() return, with @err (of the latter two without the path).
 */
int lade__checkpoint_write(const lade_net *net, const char *path, const struct lade__meta *more,
                           const struct lade__block *blocks, int count, struct lade_error *err);
int lade__checkpoint_check(const lade_net *net, const struct lade__safetensors *file, const struct lade__block *blocks,
                           int count, struct lade_error *err);
int lade__checkpoint_read(lade_net *net, const struct lade__safetensors *file, const struct lade__block *blocks,
                          int count, struct lade_error *err);

#endif

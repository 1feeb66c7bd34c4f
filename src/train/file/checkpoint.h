/*
 * train/file/checkpoint.h - a net in a safetensors file, and the arrays of a run in the same file. A file with a run is
 * also a file of a net, so that lade_net_load() reads both.
 *
 * Tensors of the net have the names that PyTorch gives them in a Sequential, "0.weight". Tensors of a run have the
 * names of PyTorch's optimizer states before that, "exp_avg.0.weight".
 */
#ifndef LADE_SRC_TRAIN_FILE_CHECKPOINT_H
#define LADE_SRC_TRAIN_FILE_CHECKPOINT_H

#include <lade/train.h>

#include "train/file/safetensors.h"
#include "train/net/layer.h"

/* An array as long as the trainable part of the block of parameters. Its tensors are called "NAME.0.weight". */
struct lade__block {
    const char *name;
    float *floats;
};

/*
 * lade__checkpoint_write() - does what lade_net_save() does, and also writes @count blocks and the entry @more of
 * "__metadata__", if it is not NULL.
 *
 * lade__checkpoint_check() - checks that a file can be read into an existing net: the specification, shape, loss and
 * seed are the same, and no tensor is missing. Changes nothing.
 *
 * lade__checkpoint_read() - reads such a file, which has passed lade__checkpoint_check(). Only the disk can fail; then
 * the net may contain a part of the file.
 *
 * Return LADE_OK; LADE_EMISMATCH (the file contains another net; the subject is the key that differs), or what
 * lade_net_save() and lade_net_load() return, with @err. Messages of the last two functions do not contain the path.
 */
int lade__checkpoint_write(const lade_net *net, const char *path, const struct lade__meta *more,
                           const struct lade__block *blocks, int count, struct lade_error *err);
int lade__checkpoint_check(const lade_net *net, const struct lade__safetensors *file, const struct lade__block *blocks,
                           int count, struct lade_error *err);
int lade__checkpoint_read(lade_net *net, const struct lade__safetensors *file, const struct lade__block *blocks,
                          int count, struct lade_error *err);

/* ---- What checkpoint_write.c and checkpoint_read.c share --------------------------------------------------------- */

#define LADE__CHECKPOINT_FORMAT "1"
#define LADE__CLASS_NAMES       "lade.class_names"
#define LADE__PREPROCESSING     "lade.preprocessing"

/* The entries of "__metadata__" that every file has. */
#define LADE__NET_METADATA 6
struct lade__net_metadata {
    char shape[LADE__SHAPE_TEXT], seed[24];
    struct lade__meta entries[LADE__NET_METADATA];
};

void lade__net_metadata(const lade_net *net, struct lade__net_metadata *m);

/* Writes the name of a tensor of a block, "exp_avg.0.weight", to @name. Returns @name. */
#define LADE__BLOCK_NAME 64
static inline char *lade__block_name(const struct lade__block *b, const struct lade__parameter *p,
                                     char name[LADE__BLOCK_NAME]) {
    char parameter[LADE__PARAMETER_NAME];
    snprintf(name, LADE__BLOCK_NAME, "%s.%s", b->name, lade__parameter_name(p, parameter));
    return name;
}

#endif

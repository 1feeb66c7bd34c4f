/*
 * train/file/checkpoint.h - saves and loads a net in a safetensors file. The file may also contain the arrays of a
 * training run. lade_net_load() reads files with and without these arrays.
 *
 * Tensors of the net have the names that PyTorch gives to the tensors of a Sequential, for example "0.weight". The
 * arrays of a training run are optimizer states and pending gradients. The name of a tensor of such an array begins
 * with the name of the array, for example "exp_avg.0.weight". Optimizer states have the names that PyTorch gives them.
 */
#ifndef LADE_SRC_TRAIN_FILE_CHECKPOINT_H
#define LADE_SRC_TRAIN_FILE_CHECKPOINT_H

#include <lade/train.h>

#include "train/file/safetensors.h"
#include "train/spec/layer.h"

/* An array of a training run. The array has one float for each float of the trainable parameters, in the same order.
   For each trainable parameter, the file has one tensor of this array, for example "NAME.0.weight". If `has_buffers` is
   true, the array and the file also contain the buffers (running means and variances). */
struct lade__block {
    const char *name;
    float *floats;
    bool has_buffers;
};

/*
 * lade__checkpoint_write() - writes the file that lade_net_save() would write if the parameters of the net had the
 * values @values, and adds the tensors of @count blocks. If @more is not NULL, also adds the entry @more to
 * "__metadata__".
 *
 * lade__checkpoint_check() - checks that a file can be read into an existing net. The specification, shape, loss,
 * seed and data format must be equal, and no tensor may be missing. Changes nothing.
 *
 * lade__checkpoint_read() - reads a file that has passed lade__checkpoint_check(). The parameters of the net are stored
 * in @values, unless @values is NULL. An error can only come from the disk. After an error, @values and the blocks may
 * contain some tensors of the file. If @values or a block are the parameters of a net, the caller must set net->finite
 * to false.
 *
 * Return LADE_OK; LADE_EMISMATCH (the file contains another net; the subject is the key that differs), or a status of
 * lade_net_save() or lade_net_load(), with @err. Error messages of lade__checkpoint_check() and lade__checkpoint_read()
 * do not contain the path.
 */
int lade__checkpoint_write(const lade_net *net, const float *values, const char *path, const struct lade__meta *more,
                           const struct lade__block *blocks, int count, struct lade_error *err);
int lade__checkpoint_check(const lade_net *net, const struct lade__safetensors *file, const struct lade__block *blocks,
                           int count, struct lade_error *err);
int lade__checkpoint_read(const lade_net *net, float *values, const struct lade__safetensors *file,
                          const struct lade__block *blocks, int count, struct lade_error *err);

/* ---- Declarations for checkpoint_write.c and checkpoint_read.c only ---------------------------------------------- */

#define LADE__CHECKPOINT_FORMAT    "1"
#define LADE__CLASS_NAMES          "lade.class_names"
#define LADE__PREPROCESSING        "lade.preprocessing"
#define LADE__PREPROCESSING_VALUES "preprocessing.values" /* name of a tensor */

/* The entries of "__metadata__" that every file has. */
#define LADE__NET_METADATA 6
struct lade__net_metadata {
    char shape[LADE__SHAPE_TEXT], seed[24];
    struct lade__meta entries[LADE__NET_METADATA];
};

void lade__net_metadata(const lade_net *net, struct lade__net_metadata *m);

/* Writes the name of a tensor of a block, for example "exp_avg.0.weight", to @name. Returns @name. */
#define LADE__BLOCK_NAME (LADE__PARAMETER_NAME + 32)
static inline char *lade__block_name(const struct lade__block *b, const struct lade__parameter *p,
                                     char name[LADE__BLOCK_NAME]) {
    char parameter[LADE__PARAMETER_NAME];
    snprintf(name, LADE__BLOCK_NAME, "%s.%s", b->name, lade__parameter_name(p, parameter));
    return name;
}

#endif

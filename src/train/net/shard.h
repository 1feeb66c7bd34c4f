/*
 * train/net/shard.h - declares the parts of shard.c and shard_join.c that these two files share.
 */
#ifndef LADE_SRC_TRAIN_NET_SHARD_H
#define LADE_SRC_TRAIN_NET_SHARD_H

#include "train/net/plan.h"

/* The state while the ops of a shard are made. */
struct lade__op_builder {
    const struct lade__spec *spec;
    struct lade__engine *engine;
    struct lade__batch_shard *shard;
    bool training;
    int *op_of; /* for each layer: index of the op that computes its output */
};

/*
 * lade__op_builder_layout() - returns the layout of the output of an op, or of the samples.
 *
 * lade__op_builder_reorder() - if the output of op *from has another layout than @to, adds an op that changes the
 * layout, and sets *from to the index of this op. If @to is NULL, the layout is plain.
 *
 * Returns LADE_OK; LADE_ENOMEM or LADE_ERUNTIME with @err. The functions below return the same statuses.
 */
const struct lade__dnnl_layout *lade__op_builder_layout(const struct lade__op_builder *b, int op);
int lade__op_builder_reorder(struct lade__op_builder *b, int *from, const struct lade__dnnl_layout *to,
                             struct lade_error *err);

/* ---- shard_join.c ------------------------------------------------------------------------------------------------ */

/*
 * lade__op_builder_prepare_sum() - changes the layouts of the inputs of a residual, so that all layouts are equal.
 * @from is an array of the indices of the ops that compute the inputs. The function changes an index if it adds an op.
 *
 * lade__op_builder_prepare_concat() - does the same for the inputs of a concat, and makes the layout of its output.
 *
 * lade__op_builder_set_rows() - sets the rows of all inputs of a concat.
 */
int lade__op_builder_prepare_sum(struct lade__op_builder *b, int *from, int count, struct lade_error *err);
int lade__op_builder_prepare_concat(struct lade__op_builder *b, int *from, int count, struct lade__dnnl_layout **out,
                                    struct lade_error *err);
int lade__op_builder_set_rows(const struct lade__op_builder *b, struct lade__op *op, struct lade_error *err);

#endif

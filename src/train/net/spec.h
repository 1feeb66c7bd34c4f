/*
 * train/net/spec.h - the specification of a net ("dense 512, relu, dense 10") as data: layers, shapes, parameters and
 * their places in memory. The size of this data depends on the number of layers alone. So a file of unknown origin can
 * be checked against it before memory for parameters is allocated.
 */
#ifndef LADE_SRC_TRAIN_NET_SPEC_H
#define LADE_SRC_TRAIN_NET_SPEC_H

#include "train/net/layer.h"

struct lade__spec {
    struct lade__shape in, out; /* of one sample */
    bool channels_first;        /* images are (C, H, W), not (H, W, C) */
    struct lade__layer *layers;
    int layer_count;
    struct lade__parameter *parameters;
    int parameter_count;
    int64_t trainable_count; /* how many numbers are trainable */
    size_t block_floats;     /* size of the block that holds all parameters, with padding */
    size_t trainable_floats; /* size of its beginning, which holds the trainable ones */
    int first_trainable;     /* index of the first layer that has parameters; layer_count: none has */
};

/*
 * lade__spec_expand() - returns a copy of @text, in which "mlp N" or "cnn N" is replaced by the layers that it stands
 * for; the caller frees it with lade_free(). Returns NULL with @err if there is no memory, or N is not a number.
 *
 * lade__spec_init() - parses a specification (lade_net_new() describes the grammar) for samples of shape @in.
 *
 * Returns LADE_OK; LADE_EINVAL, LADE_ELIMIT with @err naming the layer; LADE_ENOMEM. After a failure there is nothing
 * to release.
 */
char *lade__spec_expand(const char *text, struct lade_error *err);
int lade__spec_init(struct lade__spec *s, const char *text, const struct lade__shape *in, bool channels_first,
                    struct lade_error *err);
void lade__spec_release(struct lade__spec *s); /* {0} is allowed */

#endif

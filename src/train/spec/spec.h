/*
 * train/spec/spec.h - converts the specification of a net ("dense 512, relu, dense 10") to a struct with its layers,
 * shapes and parameters. The size of this struct depends only on the number of layers. For this reason, the shapes in
 * an untrusted file can be compared with the struct before memory for parameters is allocated.
 */
#ifndef LADE_SRC_TRAIN_SPEC_SPEC_H
#define LADE_SRC_TRAIN_SPEC_SPEC_H

#include "train/spec/layer.h"

/* An item of the list of layers, in the order of the text. A layer with branches comes before the layers of its
   branches. */
struct lade__spec_item {
    int layer; /* index of the layer; LADE__SAMPLES: an empty branch, whose output is its input */
    int depth; /* number of residual and concat layers that contain the layer */
    char path[LADE__PATH];
};

struct lade__spec {
    struct lade__shape in, out; /* shape of one sample of the input and of the output */
    bool channels_first;        /* images are (C, H, W), not (H, W, C) */
    struct lade__layer *layers; /* the inputs of a layer come before the layer */
    int layer_count;
    int *inputs; /* one array for all layers; lade__layer.inputs points into this array */
    struct lade__spec_item *items;
    int item_count;
    struct lade__parameter *parameters;
    int parameter_count;
    int64_t trainable_count; /* number of trainable elements */
    size_t block_floats;     /* size of the block of all parameters, with padding, in floats */
    size_t trainable_floats; /* size of the first part of the block, which has the trainable parameters, in floats */
};

/* From this height or width, an image is large, and the preset "resnet N" has other layers. */
#define LADE__LARGE_IMAGE 96

/*
 * lade__spec_expand() - returns a copy of @text, in which the preset "mlp N", "cnn N" or "resnet N" is replaced by its
 * layers for samples of shape @in. The caller must free the copy with lade_free(). Returns NULL with @err if there is
 * no memory, or if N is not a number.
 *
 * lade__spec_init() - parses a specification (lade_net_new() describes the grammar) for samples of shape @in.
 *
 * Returns LADE_OK; LADE_EINVAL or LADE_ELIMIT with @err, which names the layer; LADE_ENOMEM. On error, there is nothing
 * to release.
 */
char *lade__spec_expand(const char *text, const struct lade__shape *in, struct lade_error *err);
int lade__spec_init(struct lade__spec *s, const char *text, const struct lade__shape *in, bool channels_first,
                    struct lade_error *err);
void lade__spec_release(struct lade__spec *s); /* {0} is allowed */

/* ---- read.c ------------------------------------------------------------------------------------------------- */

/*
 * lade__spec_read() - reads the layers of @text, and sets the shape of the output. The caller must have set the shape
 * of the input, and must have allocated the arrays except `parameters`.
 *
 * Returns LADE_OK; LADE_EINVAL, LADE_ELIMIT or LADE_ENOMEM with @err.
 */
int lade__spec_read(struct lade__spec *s, const char *text, struct lade_error *err);

#endif

/*
 * lade/batch.h - a batch of samples, and a source of batches. A flow (flow.h) is a source, and a net (train.h) can be
 *                trained on any source. So flow.h and train.h do not depend on each other.
 */
#ifndef LADE_BATCH_H
#define LADE_BATCH_H

#include <lade/base.h>
#include <lade/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A batch of samples with a reference count. When the last reference to a batch of a flow is removed, the flow uses the
 * memory of the batch for another batch.
 */
struct lade_batch {
    /* The samples. For a flow, the shape is (n, H, W, C) or (n, C, H, W), and the type is float32 or uint8. For other
       sources, the shape is (n, ...) */
    struct lade_tensor *x;
    /* The labels, float32. The shape is (n, classes) for class mode categorical, (n, 1) for binary and sparse, and
       (n, columns) for raw. For class mode input, y is the same tensor as x. For class mode none, y is NULL. */
    struct lade_tensor *y;
    /* the weight of each row in the loss: float32 of shape (n). NULL means that all weights are 1 */
    struct lade_tensor *sample_weight;
    /* for each of the n rows, the index of its sample, 0 .. samples-1 */
    const int64_t *indices;
    /* number of rows. The last batch of an epoch may have fewer rows than other batches. If all files of a batch are
       invalid, the batch may have no rows */
    int64_t n;
    int64_t epoch;                                /* number of the epoch, from 0 */
    int64_t step;                                 /* number of the batch in its epoch, from 0 */
    int refs;                                     /* private, atomic */
    void (*release)(struct lade_batch *, void *); /* private: called for the last reference */
    void *release_ctx;                            /* private */
    unsigned char reserved[48];                   /* zero; see lade/base/attributes.h */
};

/*
 * lade_batch_ref()   - adds a reference, so that the batch stays valid after its generator is resumed. Returns @b.
 * lade_batch_unref() - removes a reference. @b may be NULL.
 *
 * Several threads may call both functions at the same time.
 */
LADE_API struct lade_batch *lade_batch_ref(struct lade_batch *b);
LADE_API void lade_batch_unref(struct lade_batch *b);

/*
 * An endless source of batches. The last step of epoch e is followed by step 0 of epoch e + 1. The struct is passed by
 * value. Only one thread at a time may call its functions.
 */
struct lade_source {
    /* Stores the next batch in *out, with a reference that the caller removes. Returns LADE_OK, or fills @err and
       returns a status. */
    int (*next)(void *ctx, struct lade_batch **out, struct lade_error *err);
    /* Stores the position of the source as JSON text in *out, which the caller frees with lade_free(). If `next` has
       just returned batch k, a source that is set to this state continues with batch k + 1. */
    int (*state_get)(void *ctx, char **out, struct lade_error *err);
    /* Continues from a state that `state_get` has stored. Returns LADE_OK. Returns LADE_EMISMATCH if an option or a
       class differs; the subject of @err is the name of this option or class. */
    int (*state_set)(void *ctx, const char *state, struct lade_error *err);
    /* Writes the name of sample @index, for example the path of its file, to @buffer. @size is the size of @buffer and
       includes the terminating zero. The name is used in messages. Returns the length of the complete name, as
       snprintf() does. NULL if samples have no names. */
    int64_t (*sample_name)(void *ctx, int64_t index, char *buffer, size_t size);
    /* Frees the memory of the source. This function is called once. NULL if there is nothing to free. */
    void (*close)(void *ctx);
    void *ctx;                           /* first argument of the functions above */
    int64_t steps;                       /* number of batches in an epoch */
    int64_t samples;                     /* number of samples in an epoch */
    int64_t classes;                     /* columns of a categorical y; 1 for binary; 0 if there are no labels */
    int sample_ndim;                     /* number of dimensions of a sample; 3 for images */
    int64_t sample_shape[LADE_MAX_DIMS]; /* shape of one row of x: (H, W, C) or (C, H, W) for images */
    /* the names of the classes: `classes` strings, or 2 strings if `classes` is 1 (binary). The source owns the names.
       NULL means that the classes have no names */
    const char *const *class_names;
    /* a UTF-8 text that describes how the samples are made, or NULL. The source owns the text. A net that is trained on
       the source stores a copy */
    const char *preprocessing;
    /* a float32 tensor with the numbers that belong to `preprocessing` but do not fit into a text, for example a
       matrix; or NULL. The source owns the tensor. A net that is trained on the source stores a copy */
    const struct lade_tensor *preprocessing_values;
    unsigned char reserved[56]; /* zero; see lade/base/attributes.h */
};

#ifdef __cplusplus
}
#endif
#endif

/*
 * Declares the first steps of making a sample. These steps read the bytes of the sample and decode the bytes to pixels
 * of the target size.
 */
#ifndef LADE_SRC_FLOW_PIPELINE_SAMPLE_IMAGE_H
#define LADE_SRC_FLOW_PIPELINE_SAMPLE_IMAGE_H

#include "flow/pipeline/sample_settings.h"
#include "flow/source/reader_buffer.h"

/* The memory that a worker keeps between samples. */
struct lade__sample_buffers {
    lade_decoder *decoder;
    struct lade_reader_buffer bytes;
    struct lade_error cause; /* receives the error of the reader; all zero between samples */
    float *other;            /* MixUp and CutMix: the label of the other sample and then its pixels; otherwise NULL */
    bool busy;               /* a worker makes a sample with these buffers; atomic */
};

/* A sample that a worker makes, and its row in the batch. */
struct lade__sample_task {
    const struct lade__sample_settings *settings;
    struct lade__sample_buffers *buffers;
    int *hints; /* number of the next samples for which give_hint() calls lade_reader.ahead; atomic */
    int worker;
    const struct lade__slot *slot;
    int64_t row;
    void *x;       /* the memory for the pixels of the sample */
    bool is_other; /* the sample is mixed with the sample of the row, and has no row */
    int64_t sample;
    /* The seed and the index of the random numbers. If an epoch contains a sample several times, each repeat of the
       sample has another index. */
    uint64_t seed, draw;
    const struct lade_transform *transform; /* NULL: a random transform, in the ranges of the options */
    const struct lade_box *crop;            /* NULL: the crop that the options select */
    struct lade_flow_counters *counters;
};

/*
 * lade__sample_read()   - reads the bytes of the sample into buffers->bytes. Returns LADE_OK or an error. *fatal is set
 *                         to true if the sample is not the cause of the error.
 * lade__sample_decode() - decodes the bytes. @image is valid until the next call. *bits16 is set to true if the image
 *                         has samples of type uint16_t. Returns LADE_OK or an error.
 * lade__sample_index()  - returns the index of @sample in the reader.
 *
 * The message of an error begins with the name of the sample, which is also the subject.
 */
int lade__sample_read(const struct lade__sample_task *t, struct lade_error *err, bool *fatal);
int lade__sample_decode(const struct lade__sample_task *t, struct lade_image *image, bool *bits16,
                        struct lade_error *err);
int64_t lade__sample_index(const struct lade__sample_task *t, int64_t sample);

#endif

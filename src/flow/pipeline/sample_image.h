/*
 * Declares the first half of making a sample: reading a file, and decoding it to pixels of the target size.
 */
#ifndef LADE_SRC_FLOW_PIPELINE_SAMPLE_IMAGE_H
#define LADE_SRC_FLOW_PIPELINE_SAMPLE_IMAGE_H

#include "base/sys.h"
#include "flow/pipeline/sample_maker.h"

/* The memory that a worker keeps between samples. */
struct lade__sample_buffers {
    lade_decoder *decoder;
    struct lade__bytes file;
    char path[4096];
};

/* A sample that a worker makes, and its row in the batch. */
struct lade__sample_task {
    struct lade__sample_maker *maker;
    struct lade__sample_buffers *buffers;
    const struct lade__slot *slot;
    int64_t row;
    int64_t sample;
    uint64_t draw; /* index of the random numbers; in a balanced epoch, each repeat of a sample has another index */
    struct lade_flow_counters *counters;
};

/*
 * lade__sample_read_file() - reads the file of the sample into buffers->file. *fatal is set to true if the system has
 *                            no more file descriptors. Returns LADE_OK or an error.
 * lade__sample_decode()    - decodes the file. @image is valid until the next sample. Returns LADE_OK or an error.
 *
 * The message of an error begins with the path of the file, which is also its subject.
 */
int lade__sample_read_file(const struct lade__sample_task *t, struct lade_error *err, bool *fatal);
int lade__sample_decode(const struct lade__sample_task *t, struct lade_image *image, struct lade_error *err);

#endif

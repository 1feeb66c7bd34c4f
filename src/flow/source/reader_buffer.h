/*
 * Declares the buffer in which a reader stores the bytes of a sample, and the function that calls a reader. The readers
 * of programs may be wrong, so each result of a reader is checked here, in one place.
 */
#ifndef LADE_SRC_FLOW_SOURCE_READER_BUFFER_H
#define LADE_SRC_FLOW_SOURCE_READER_BUFFER_H

#include <lade/reader.h>

#include "base/sys.h"

struct lade_reader_buffer {
    struct lade__bytes own; /* the memory of lade_reader_reserve() */
    /* The bytes of the sample, in `own` or lent by the reader. */
    const unsigned char *data;
    int64_t size;
    uint64_t max_bytes; /* the largest size of a sample */
    bool end_flow;      /* the reader called lade_reader_end_flow() for this sample */
};

/*
 * lade__reader_read() - reads sample @i into @buffer. Returns LADE_OK, or a status with the cause, but without the name
 *                       of the sample, in @err, which must be all zero. buffer->end_flow is true if the error is not an
 *                       error of the sample.
 * lade__reader_name() - writes the name of sample @i to @buffer as snprintf() does.
 *
 * lade__reader_fail() - fills @err with the name of sample @i, after the root of the reader, and with @cause. The name
 *                       is the subject. Returns the status of @cause.
 */
int lade__reader_read(const struct lade_reader *reader, int worker, int64_t i, struct lade_reader_buffer *buffer,
                      struct lade_error *err);
int64_t lade__reader_name(const struct lade_reader *reader, int64_t i, char *buffer, size_t size);
int lade__reader_fail(const struct lade_reader *reader, int64_t i, const struct lade_error *cause,
                      struct lade_error *err);

#endif

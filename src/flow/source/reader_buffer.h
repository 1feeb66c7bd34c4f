/*
 * Declares the buffer in which a reader stores the bytes of a sample, and the function that calls a reader. A program
 * may define its own reader, which may return wrong results. Therefore each result of a reader is checked here, in one
 * place.
 */
#ifndef LADE_SRC_FLOW_SOURCE_READER_BUFFER_H
#define LADE_SRC_FLOW_SOURCE_READER_BUFFER_H

#include <lade/reader.h>

#include "base/sys.h"

struct lade_reader_buffer {
    struct lade__bytes own; /* the memory of lade_reader_reserve() */
    /* The bytes of the sample, in the memory of `own` or in memory of the reader. */
    const unsigned char *data;
    int64_t size;
    uint64_t max_bytes; /* the largest size of a sample */
    bool end_flow;      /* the reader called lade_reader_end_flow() for this sample */
};

/*
 * lade__reader_read() - reads sample @i into @buffer. @err must be all zero. Returns LADE_OK, or fills @err and returns
 *                       the status. The message does not contain the name of the sample. buffer->end_flow is true if
 *                       the sample is not the cause of the error.
 * lade__reader_name() - writes the name of sample @i to @buffer as snprintf() does.
 *
 * lade__reader_fail() - fills @err with the path of sample @i and the message of @cause. The path consists of the root
 *                       of the reader and the name of the sample, and is the subject. Returns the status of @cause.
 */
int lade__reader_read(const struct lade_reader *reader, int worker, int64_t i, struct lade_reader_buffer *buffer,
                      struct lade_error *err);
int64_t lade__reader_name(const struct lade_reader *reader, int64_t i, char *buffer, size_t size);
int lade__reader_fail(const struct lade_reader *reader, int64_t i, const struct lade_error *cause,
                      struct lade_error *err);

#endif

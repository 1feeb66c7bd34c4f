/*
 * lade/reader.h - the interface between a flow and the storage of its images. A flow reads a database, an archive or a
 * server through a struct lade_reader, which the program fills in and passes to lade_flow_from_reader() (lade/flow.h).
 * lade itself reads class folders, CSV files and arrays through the same struct, so a flow has the same options for
 * every kind of storage.
 *
 *     static int64_t read_image(void *ctx, int worker, int64_t i, lade_reader_buffer *buffer, struct lade_error *err) {
 *         struct archive *archive = ctx;
 *         int64_t size = archive->images[i].size;
 *         void *bytes = lade_reader_reserve(buffer, size, err);
 *         if (!bytes)
 *             return err->code;
 *         if (pread(archive->fd, bytes, size, archive->images[i].offset) != size)
 *             return lade_error_set(err, LADE_EIO, "the archive is too short");
 *         return size;
 *     }
 *
 *     struct lade_reader reader = {.source = "photos.bin", .samples = archive.count, .read = read_image,
 *                                  .ctx = &archive};
 *     struct lade_flow_options options = {.class_mode = LADE_CLASS_NONE};
 *     lade_flow *flow = lade_flow_from_reader(&reader, &options, &err);
 *
 * examples/sqlite_reader.c is a complete program.
 */
#ifndef LADE_READER_H
#define LADE_READER_H

#include <stdbool.h>

#include <lade/base.h>
#include <lade/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The bytes of one sample. Each worker thread has one buffer and uses it for all its samples. A buffer may be used only
 * inside a call of lade_reader.read.
 */
typedef struct lade_reader_buffer lade_reader_buffer;

/*
 * lade_reader_reserve() - returns memory for a sample of @size bytes, which lade_reader.read then fills. The memory
 * belongs to the buffer. If the function is called more than once for the same sample, the bytes that are already
 * stored are kept. So a reader that does not know the size in advance can call the function several times, with a
 * larger size each time. The last size is the size of the sample.
 *
 * Returns NULL with @err filled: LADE_EINVAL (@size is negative), LADE_ELIMIT (@size is more than max_file_bytes of
 * struct lade_image_limits; no memory is allocated) or LADE_ENOMEM.
 *
 * Cost: memory is allocated only if the sample is larger than all earlier samples of this worker.
 */
LADE_API void *lade_reader_reserve(lade_reader_buffer *buffer, int64_t size, struct lade_error *err);

/*
 * lade_reader_lend() - lends the @size bytes at @data to the buffer, for a reader that has the sample in memory. The
 * bytes are not copied. These bytes must not change until the next call of lade_reader.read for the same worker, or
 * until lade_reader.close is called. If samples are pixels, @data must have the alignment of the element type.
 *
 * Returns LADE_OK, LADE_EINVAL or LADE_ELIMIT, for the same reasons as lade_reader_reserve().
 */
LADE_API int lade_reader_lend(lade_reader_buffer *buffer, const void *data, int64_t size, struct lade_error *err);

/*
 * lade_reader_end_flow() - marks an error as an error of the storage, for example a lost connection, and not of one
 * sample. lade_reader.read calls this function before it returns the error. The flow then returns this error, even with
 * LADE_ERROR_SKIP or LADE_ERROR_REPLACE. Without this call, the flow treats the sample as an invalid file and follows
 * the option on_error.
 */
LADE_API void lade_reader_end_flow(lade_reader_buffer *buffer);

/*
 * The label of a sample. Before a flow calls lade_reader.label, it sets class_name to NULL, the values to 0 and the
 * weight to 1.
 */
struct lade_reader_label {
    const char *class_name; /* the name of the class, or several names with label_separator between them. The string
                               must be valid until the next call of `label` */
    float *values;          /* for LADE_CLASS_RAW: an array in which the function stores `columns` numbers   (memory of
                               the flow) */
    float weight;           /* the weight of the sample in the loss, 0 or more; used only if lade_reader.weighted is
                               true */
};

/*
 * A storage of samples. `source`, `samples` and `read` must be set. All other fields may be 0 or NULL.
 *
 * Threads: while open, label or close runs, the flow calls no other function of the reader, with one exception: it may
 * call `name` while open runs. Several threads may call read and ahead at the same time, but each worker number is used
 * by only one thread at a time. So the data of one worker, for example its connection to a server, need no lock. Any
 * thread may call name, from the beginning of lade_flow_from_reader() until close. The functions of a reader must not
 * call the functions of the flow that uses the reader.
 *
 * For the same sample, a function must always return the same result. Otherwise the same seed does not give the same
 * bytes.
 */
struct lade_reader {
    /* The name of the storage for messages, for example "photos.db"   (copied) */
    const char *source;
    /* The text that messages contain before the name of a sample, for example the directory of the files. A slash is
       written between the text and the name. The text is left out before a name that begins with a slash. NULL or ""
       means that no name has a text before it   (copied) */
    const char *root;
    /* The number of samples, at least 1. Samples are numbered from 0. With LADE_ORDER_SORTED, a flow reads
       the samples in the order of their numbers. */
    int64_t samples;

    /* The shape (H, W, C) and the type of the samples, if samples are pixels and not image files. C is 1, 3 or 4, and
       the type is LADE_UINT8, LADE_UINT16 or LADE_FLOAT32. Pixels are treated as in lade_flow_from_arrays(). {0, 0, 0}
       means image files */
    int64_t shape[3];
    enum lade_dtype dtype;

    /* Sets the fields of @label for sample @i. lade_flow_from_reader() calls the function once for each sample, in
       rising order. Returns LADE_OK, or an error with @err filled. NULL: samples have no labels */
    int (*label)(void *ctx, int64_t i, struct lade_reader_label *label, struct lade_error *err);
    char label_separator; /* if a sample may have any number of classes: the separator, as in struct lade_manifest; 0:
                             each sample has one class */
    bool weighted;        /* samples have weights */
    int columns;          /* number of values of a sample, for LADE_CLASS_RAW; 0: no values */

    /* Prepares for calls of `read` with the worker numbers 0 .. workers-1. The flow calls `open` before it reads the
       first sample, for example in lade_flow_next(). If `open` fails, lade_flow_next() returns the error, and the next
       call of lade_flow_next() calls `open` once more. After fork(), the flow in the child process calls `open` before
       the child reads its first sample. NULL: nothing to prepare */
    int (*open)(void *ctx, int workers, struct lade_error *err);
    /* Stores the bytes of sample @i in @buffer with lade_reader_reserve() or lade_reader_lend(). Returns the number of
       bytes, which must equal the reserved or lent size. On failure, returns a status and stores the cause in @err. The
       flow adds the name of the sample to the message. LADE_ENOMEM ends the flow. */
    int64_t (*read)(void *ctx, int worker, int64_t i, lade_reader_buffer *buffer, struct lade_error *err);
    /* Starts to fetch sample @i from a slow device or server without waiting, because the flow will read the sample
       soon. Returns false if the sample is already in memory. After a result of false, the flow calls the function only
       for every 64th sample. After the next result of true, the flow calls the function for every sample. NULL: the
       reader cannot fetch in advance */
    bool (*ahead)(void *ctx, int worker, int64_t i);
    /* Writes the name of sample @i to @buffer as snprintf() does, and returns the length of the whole name. The name is
       used in messages, in lade_flow_filename() and in the hash of saved states. NULL: the name is "SOURCE[i]" */
    int64_t (*name)(void *ctx, int64_t i, char *buffer, size_t size);
    /* Frees @ctx. The flow calls this function exactly once, after the last call of the other functions. If
       lade_flow_from_reader() fails, this function is also called. NULL: nothing to free */
    void (*close)(void *ctx);
    void *ctx; /* the first argument of the functions above */

    unsigned char reserved[64]; /* zero; see lade/base/attributes.h */
};

#ifdef __cplusplus
}
#endif
#endif

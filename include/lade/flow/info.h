/*
 * lade/flow/info.h - reads properties, invalid files and counters of a flow. lade/flow.h includes this header.
 */
#ifndef LADE_FLOW_INFO_H
#define LADE_FLOW_INFO_H

#include <lade/base.h>
#include <lade/batch.h>
#include <lade/flow/make.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Properties -------------------------------------------------------------------------------------------------- */

/*
 * lade_flow_options_get() - returns the options of @flow with all defaults filled in. For a flow from arrays,
 * target_size and color_mode describe the arrays. The result and its pointers are borrowed from the flow; `classes`
 * points to the names of all classes. Only lade_flow_fit() changes the result, because it sets `stats`. Must not run at
 * the same time as lade_flow_fit().
 *
 * Another flow that is made with these options has the same batches, but may not accept the saved states of @flow. The
 * reason is that a state contains some options as the caller passed them. For example, if the caller of @flow passed 0
 * for the default, a state of @flow contains 0. The other flow was made with the value of the default, so a state of
 * the other flow contains this value.
 */
LADE_API const struct lade_flow_options *lade_flow_options_get(const lade_flow *flow);

/*
 * lade_flow_samples()      - returns the number of samples in an epoch. The samples of all ranks are counted. If the
 *                            flow has a subset, only the samples of the subset are counted.
 * lade_flow_steps()        - returns the number of batches in an epoch, ceil(samples / batch_size), or
 *                            floor(samples / batch_size) with drop_last. The number is the same for each rank.
 * lade_flow_classes()      - returns the number of classes.
 * lade_flow_class_names()  - returns an array of the names of the classes, in the order of their index, with NULL at
 *                            the end   (borrowed from the flow).
 * lade_flow_class_index()  - returns the index of a class name (Keras's class_indices), or -1 if there is no such
 *                            class.
 * lade_flow_class_count()  - returns the number of samples of class @c in the subset, or 0 if there is no such class. A
 *                            sample with several classes counts for each of its classes.
 * lade_flow_class_of()     - returns the class of sample @i. Returns -1 if there is no such sample, or if the sample
 *                            does not have exactly one class.
 * lade_flow_sample_shape() - stores the shape of a row of x: (H, W, C) or (C, H, W).
 *
 * Samples are numbered from 0 in the order of lade_scan_files(). If the flow has a subset, only the samples of this
 * subset have numbers. lade_batch.indices contains these numbers. Any thread may call these functions.
 */
LADE_API int64_t lade_flow_samples(const lade_flow *flow);
LADE_API int64_t lade_flow_steps(const lade_flow *flow);
LADE_API int lade_flow_classes(const lade_flow *flow);
LADE_API const char *const *lade_flow_class_names(const lade_flow *flow);
LADE_API int lade_flow_class_index(const lade_flow *flow, const char *name);
LADE_API int64_t lade_flow_class_count(const lade_flow *flow, int c);
LADE_API int lade_flow_class_of(const lade_flow *flow, int64_t i);
LADE_API void lade_flow_sample_shape(const lade_flow *flow, int64_t shape[3]);

/*
 * lade_flow_filename() - writes the path of sample @i to @buffer as lade_scan_path() does (Keras's filenames[i]). For a
 * flow from a directory, the path is relative to the directory. For a CSV file or a list of paths, the function writes
 * the path in the list. For arrays, it writes "x[i]". For a reader, it writes the result of lade_reader.name. If
 * lade_reader.name is NULL, it writes the text of lade_reader.source and the number i, for example "photos.bin[7]".
 */
LADE_API int64_t lade_flow_filename(const lade_flow *flow, int64_t i, char *buffer, size_t size);

/* ---- Invalid files and counters ---------------------------------------------------------------------------------- */

/*
 * An invalid file.
 */
struct lade_invalid_file {
    int64_t sample; /* the number of the sample */
    int64_t epoch;  /* epoch and step: the batch in which the file first occurred */
    int64_t step;
    int code;                   /* a negative enum lade_status */
    const char *cause;          /* the message, for example "data/cat/001.jpg: ..."   (borrowed from the flow) */
    unsigned char reserved[32]; /* zero; see lade/base/attributes.h */
};

/*
 * lade_flow_invalid_count() - returns the number of different invalid files in the batches that were delivered so far.
 * lade_flow_invalid_file()  - stores invalid file @i in *out; the files are numbered from 0 in the order of delivery.
 *                             The list of these files has at most 16 MiB, which is enough for about 100,000 files.
 *                             Further files are only counted. Returns LADE_OK, or LADE_EINVAL if there is no such file.
 *
 * lade_flow_filename() returns the path of a file. Any thread may call these functions.
 */
LADE_API int64_t lade_flow_invalid_count(lade_flow *flow);
LADE_API int lade_flow_invalid_file(lade_flow *flow, int64_t i, struct lade_invalid_file *out);

/*
 * The counters of a flow since it was made. Times are in seconds. read, decode, transform and wait_full are sums over
 * all worker threads. If wait_full is large, the consumer is slower than the workers. If wait_empty is large, the
 * workers are slower than the consumer.
 */
struct lade_flow_counters {
    int64_t images;     /* number of samples that were made, including samples of batches that are not delivered yet */
    int64_t batches;    /* number of batches that were delivered */
    int64_t bytes_read; /* number of bytes that were read from files */
    double read;        /* time for opening and reading files */
    double decode;      /* time for decoding and resizing to the target size */
    double transform;   /* time for augmentation and for writing the row of the batch */
    double wait_full;   /* time in which workers waited because the ring had no free slot: the batch of each slot was
                           not delivered yet, or still had references */
    double wait_empty;  /* time in which the consumer waited because the next batch was not ready */
    int workers;        /* number of threads */
    int ring;           /* current size of the ring (see lade_flow_batches()), in batches */
    unsigned char reserved[64]; /* zero; see lade/base/attributes.h */
};

LADE__SAME_NAME_BEGIN
/*
 * lade_flow_counters() - stores all counters in *out. Any thread may call it.
 */
LADE_API void lade_flow_counters(lade_flow *flow, struct lade_flow_counters *out);
LADE__SAME_NAME_END

/* ---- Digest ------------------------------------------------------------------------------------------------------ */

/*
 * A digest of batches. The digest is the sum, modulo 2^128, of one hash for each sample. The hash is XXH3-128 of the
 * sample's global position and of the bytes of its rows of x, y and the sample weights. The global position is epoch *
 * samples + position in the epoch, as 8 bytes in little endian order. Because the digest is a sum, the order of the
 * batches does not matter, and the sum of the digests of all ranks is the digest of the whole stream. A new digest is
 * {0}.
 */
struct lade_digest {
    uint64_t low, high;
};

/*
 * lade_digest_add()   - adds the rows of a batch. Returns LADE_OK, LADE_EINVAL if the batch does not come from a flow,
 *                       or LADE_ENOMEM.
 * lade_digest_merge() - adds the digest @from to @d, for example the digest of another rank.
 * lade_digest_text()  - writes @d as 32 hexadecimal digits and a final NUL.
 *
 * The functions may be called at the same time for different @d.
 */
LADE_API int lade_digest_add(struct lade_digest *d, const struct lade_batch *b);
LADE_API void lade_digest_merge(struct lade_digest *d, const struct lade_digest *from);
LADE_API void lade_digest_text(const struct lade_digest *d, char text[33]);

#ifdef __cplusplus
}
#endif
#endif

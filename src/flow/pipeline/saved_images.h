/*
 * Saves samples as images, for the option save_to_dir. The workers copy each sample as 8-bit pixels. The copies are
 * written to files when the batch is delivered. Therefore only delivered batches are saved, although workers may have
 * decoded more batches.
 */
#ifndef LADE_SRC_FLOW_PIPELINE_SAVED_IMAGES_H
#define LADE_SRC_FLOW_PIPELINE_SAVED_IMAGES_H

#include "flow/pipeline/ring.h"

struct lade__saved_images {
    char *directory; /* NULL: no images are saved */
    char *prefix;
    enum lade_format format;
    int64_t samples;                   /* number of samples in an epoch */
    enum lade_data_format data_format; /* order of the axes in a row of x */
};

/*
 * lade__saved_images_init()    - reads @options. Returns LADE_OK, or LADE_EINVAL or LADE_ENOMEM with @err filled.
 * lade__saved_images_release() - frees the memory. @s may be all zero.
 * lade__saved_images_copy()    - copies row @row of @slot as pixels. Values are rounded and clipped to 0..255.
 * lade__saved_images_write()   - writes the first @rows copies of @slot. Returns LADE_OK or the errors of
 *                                lade_image_write().
 */
int lade__saved_images_init(struct lade__saved_images *s, const struct lade_flow_options *options, int64_t samples,
                            struct lade_error *err);
void lade__saved_images_release(struct lade__saved_images *s);
void lade__saved_images_copy(const struct lade__saved_images *s, const struct lade__slot *slot, int64_t row);
int lade__saved_images_write(const struct lade__saved_images *s, const struct lade__slot *slot, int64_t rows,
                             struct lade_error *err);

#endif

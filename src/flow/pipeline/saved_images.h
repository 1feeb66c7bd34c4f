/*
 * save_to_dir: a copy of each sample as 8-bit pixels, made with the sample and written to disk when its batch is handed
 * out - so that the files are those of the batches that somebody got, whatever was decoded ahead.
 */
#ifndef LADE_FLOW_PIPELINE_SAVED_IMAGES_H
#define LADE_FLOW_PIPELINE_SAVED_IMAGES_H

#include "flow/pipeline/ring.h"

struct lade__saving {
    char *directory; /* NULL: nothing is saved */
    char *prefix;
    enum lade_format format;
    int64_t samples;                   /* of an epoch */
    enum lade_data_format data_format; /* of rows of x */
};

/*
 * lade__saving_init()    - from @options, if they say so. LADE_OK, LADE_EINVAL or LADE_ENOMEM with @err.
 * lade__saving_release() - @s may be all zero.
 * lade__saving_keep()    - copy row @row of @slot, as pixels: rounded, cut to 0..255, not stretched.
 * lade__saving_write()   - write the first @rows copies of @slot. LADE_OK, or the errors of lade_image_write().
 */
int lade__saving_init(struct lade__saving *s, const struct lade_flow_options *options, int64_t samples,
                      struct lade_error *err);
void lade__saving_release(struct lade__saving *s);
void lade__saving_keep(const struct lade__saving *s, const struct lade__slot *slot, int64_t row);
int lade__saving_write(const struct lade__saving *s, const struct lade__slot *slot, int64_t rows,
                       struct lade_error *err);

#endif

/*
 * Checks the arguments of lade_image_to_tensor(), and computes the size of a slot.
 */
#include "image/view.h"

#include "base/option.h"
#include "image/augment/options.h"
#include "image/color/standardize.h"

size_t lade_output_bytes(const struct lade_output *output, int height, int width, int channels) {
    size_t size = output && output->uint8    ? sizeof(uint8_t)
                  : output && output->uint16 ? sizeof(uint16_t)
                                             : sizeof(float);
    return (size_t)height * (size_t)width * (size_t)channels * size;
}

int lade__output_check(const struct lade_output *o, const struct lade_transform *t, const struct lade_image *in,
                       struct lade_error *err) {
    if (lade__transform_check_fields(t, err) < 0 || LADE__RESERVED_CHECK(o, "lade_output", err) < 0)
        return LADE_EINVAL;
    if ((unsigned)o->data_format >= LADE_DATA_FORMAT_COUNT)
        return lade_error_set_subject(err, LADE_EINVAL, "data_format", "data_format %d is not known",
                                      (int)o->data_format);
    if (o->uint8 && o->uint16)
        return lade_error_set_subject(err, LADE_EINVAL, "uint16", "only one of uint8 and uint16 can be set");
    if ((o->uint8 || o->uint16) && o->rescale != 0 && o->rescale != 1)
        return lade_error_set_subject(err, LADE_EINVAL, "rescale",
                                      "rescale %g needs dtype float32: the values of %s are not scaled",
                                      (double)o->rescale, o->uint8 ? "uint8" : "uint16");
    int rc = lade__standardize_steps(o, in->height, in->width, in->channels, err);
    return rc < 0 ? rc : lade__standardize_stats(o, in->height, in->width, in->channels, err);
}

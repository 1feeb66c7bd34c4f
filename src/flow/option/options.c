/*
 * Checks the options and fills in their defaults, before any file is read. The range of each option is in the table of
 * options. This file contains the rules that connect several options.
 */
#include "flow/option/options.h"

#include <string.h>

#include "base/option.h"
#include "base/sys.h"
#include "flow/option/option_table.h"
#include "image/augment/options.h"

/* ---- Rules that connect options ---------------------------------------------------------------------------------- */

static int refuse(struct lade_error *err, const char *option, const char *value, const char *rule) {
    return lade_error_set_subject(err, LADE_EINVAL, option, "%s is %.100s: %s", option, value, rule);
}

static int check_saved_images(const struct lade_flow_options *o, struct lade_error *err) {
    const struct lade_format_info *format = lade_format_info(o->save_format);

    if (o->save_prefix && !o->save_to_dir)
        return refuse(err, "save_prefix", o->save_prefix, "it needs save_to_dir");
    if (o->save_format && !o->save_to_dir)
        return refuse(err, "save_format", lade_format_name(o->save_format), "it needs save_to_dir");
    if (o->save_prefix && strchr(o->save_prefix, '/'))
        return refuse(err, "save_prefix", o->save_prefix, "it is the beginning of file names and must not contain /");
    if (o->save_format && !(format && format->writable))
        return refuse(err, "save_format", lade_format_name(o->save_format), "lade does not write this format");
    return LADE_OK;
}

static int check_order(const struct lade_flow_options *o, struct lade_error *err) {
    if (o->rank >= o->world)
        return lade_error_set_subject(err, LADE_EINVAL, "rank", "rank is %d: it must be below world, which is %d",
                                      o->rank, o->world);
    if (o->class_weights && o->order != LADE_ORDER_BALANCED)
        return refuse(err, "class_weights", "not NULL", "it needs the order balanced");
    if (o->subset != LADE_SUBSET_ALL && o->validation_split == 0)
        return refuse(err, "subset", lade_subset_name(o->subset), "it needs a validation_split above 0");
    return LADE_OK;
}

static int check_mix(const struct lade_flow_options *o, struct lade_error *err) {
    bool mixable = o->class_mode == LADE_CLASS_CATEGORICAL || o->class_mode == LADE_CLASS_INPUT ||
                   o->class_mode == LADE_CLASS_NONE;

    if (mixable || (o->mixup_alpha == 0 && o->cutmix_alpha == 0))
        return LADE_OK;
    return lade_error_set_subject(err, LADE_EINVAL, o->mixup_alpha != 0 ? "mixup_alpha" : "cutmix_alpha",
                                  "mixup_alpha and cutmix_alpha need the class_mode categorical, input or none, but "
                                  "class_mode is %s",
                                  lade_class_mode_name(o->class_mode));
}

static int check_sample(const struct lade_flow_options *o, struct lade_error *err) {
    int longer = o->target_size[0] > o->target_size[1] ? o->target_size[0] : o->target_size[1];

    if (o->exif_orientation && o->ignore_exif_orientation)
        return refuse(err, "ignore_exif_orientation", "true", "it cannot be combined with exif_orientation");
    if (o->dtype != LADE_FLOAT32 && o->rescale != 0)
        return lade_error_set_subject(err, LADE_EINVAL, "rescale", "rescale is %g: it needs the dtype float32",
                                      (double)o->rescale);
    if (o->crop != LADE_CROP_NONE && o->keep_aspect_ratio)
        return refuse(err, "crop", lade_crop_name(o->crop), "it cannot be combined with keep_aspect_ratio");
    if (o->pad_to_aspect_ratio && (o->crop != LADE_CROP_NONE || o->keep_aspect_ratio))
        return refuse(err, "pad_to_aspect_ratio", "true", "it cannot be combined with crop or keep_aspect_ratio");
    if (o->crop == LADE_CROP_CENTER && o->crop_resize < longer)
        return lade_error_set_subject(err, LADE_EINVAL, "crop_resize",
                                      "crop_resize is %d: it must be at least %d, the longer side of target_size",
                                      o->crop_resize, longer);
    return LADE_OK;
}

/* ---- Defaults ---------------------------------------------------------------------------------------------------- */

/* Sets the defaults that depend on other options or on the machine. */
static void set_computed_defaults(struct lade_flow_options *o) {
    int longer = o->target_size[0] > o->target_size[1] ? o->target_size[0] : o->target_size[1];
    int processors = lade__sys_threads();

    if (!o->crop_resize && o->crop == LADE_CROP_CENTER)
        o->crop_resize = (longer * 8 + 3) / 7;
    if (!o->save_to_dir)
        o->save_format = LADE_FORMAT_UNKNOWN;
    if (!o->workers)
        o->workers = processors < LADE__MOST_WORKERS ? processors : LADE__MOST_WORKERS;
}

static void set_defaults(struct lade_flow_options *o, bool state_keeps_zero) {
    for (const struct lade__option *row = lade__option_table; row->info.name; row++)
        if (row->state_keeps_zero == state_keeps_zero)
            lade__option_default(&row->info, o);
}

int lade__options_resolve(struct lade_flow_options *out, const struct lade_flow_options *given,
                          struct lade_error *err) {
    struct lade_flow_options o = given ? *given : (struct lade_flow_options){0};
    struct lade_augment augment;

    if (LADE__RESERVED_CHECK(&o, "lade_flow_options", err) < 0 ||
        LADE__RESERVED_CHECK(&o.limits, "lade_image_limits", err) < 0)
        return LADE_EINVAL;
    for (const struct lade__option *row = lade__option_table; row->info.name; row++)
        if (lade__option_check(&row->info, &o, err) < 0)
            return LADE_EINVAL;
    lade__options_augment(&o, &augment);
    if (lade_augment_check(&augment, err) < 0 || check_saved_images(&o, err) < 0)
        return LADE_EINVAL;
    set_defaults(&o, false);
    set_computed_defaults(&o);
    o.classes = NULL;
    if (check_order(&o, err) < 0 || check_sample(&o, err) < 0 || check_mix(&o, err) < 0)
        return LADE_EINVAL;
    *out = o;
    return LADE_OK;
}

void lade__options_complete(struct lade_flow_options *options) {
    set_defaults(options, true);
    lade__options_set_upright(options, lade__options_upright(options));
}

bool lade__options_upright(const struct lade_flow_options *o) {
    return o->exif_orientation || (!o->ignore_exif_orientation && o->quirks != LADE_QUIRKS_KERAS3);
}

void lade__options_set_upright(struct lade_flow_options *o, bool upright) {
    o->exif_orientation = upright;
    o->ignore_exif_orientation = !upright;
}

/* ---- Augmentation ------------------------------------------------------------------------------------------------ */

bool lade__options_augment(const struct lade_flow_options *options, struct lade_augment *out) {
    bool random = false;

    for (const struct lade__option *row = lade__option_table; row->info.name; row++)
        random |= row->info.random && !lade__option_is_zero(&row->info, options);
    memcpy(out->augment_reserved, options->augment_reserved, sizeof out->augment_reserved);
#define COPY(field, ...) memcpy(&out->field, &options->field, sizeof out->field);
    LADE__AUGMENT_OPTIONS(COPY)
#undef COPY
    return random;
}

/*
 * Every option is checked before anything is read: a wrong one is told at once, by its name, with what is possible.
 */
#include "flow/option/options.h"

#include <math.h>
#include <string.h>

#include "base/sys.h"
#include "flow/option/option_table.h"

enum { MAX_WORKERS = 1024 };

static int check_enum(const char *name, unsigned value, unsigned count, struct lade_error *err) {
    if (value < count)
        return LADE_OK;
    return lade_error_set(err, LADE_EINVAL, "%s is %u: only 0 to %u are known (see the enum in lade/flow.h)", name,
                          value, count - 1);
}

static int check_integer(const char *name, int64_t value, int64_t low, int64_t high, struct lade_error *err) {
    if (value >= low && value <= high)
        return LADE_OK;
    return lade_error_set(err, LADE_EINVAL, "%s is %lld: it can be %lld to %lld", name, (long long)value,
                          (long long)low, (long long)high);
}

static int check_enums(const struct lade_flow_options *options, struct lade_error *err) {
    for (const struct lade__option *o = lade__option_table; o->name; o++)
        if (o->type == LADE__OPTION_ENUM &&
            check_enum(o->name, *(const unsigned *)((const char *)options + o->at), o->count, err) < 0)
            return LADE_EINVAL;
    return LADE_OK;
}

static int check_numbers(const struct lade_flow_options *o, struct lade_error *err) {
    const int *size = o->target_size;

    for (int i = 0; i < 2; i++)
        if (size[i] < 1 || size[i] > 65535)
            return lade_error_set(err, LADE_EINVAL,
                                  "target_size is %dx%d: height and width can be 1 to 65535 each (or both 0 for "
                                  "256x256)",
                                  size[0], size[1]);
    if (check_integer("batch_size", o->batch_size, 1, INT32_MAX, err) < 0 ||
        check_integer("workers", o->workers, 1, MAX_WORKERS, err) < 0 ||
        check_integer("world", o->world, 1, INT32_MAX, err) < 0 ||
        check_integer("rank", o->rank, 0, (int64_t)o->world - 1, err) < 0 ||
        check_integer("max_bad", o->max_bad, 0, INT64_MAX, err) < 0)
        return LADE_EINVAL;
    if (!(o->max_bad_rate >= 0 && o->max_bad_rate <= 1))
        return lade_error_set(err, LADE_EINVAL, "max_bad_rate is %g: it can be 0 (no limit) to 1", o->max_bad_rate);
    if ((o->save_prefix || o->save_format) && !o->save_to_dir)
        return lade_error_set(err, LADE_EINVAL, "%s is given, but no save_to_dir",
                              o->save_prefix ? "save_prefix" : "save_format");
    if (o->save_prefix && strchr(o->save_prefix, '/'))
        return lade_error_set(err, LADE_EINVAL, "save_prefix is \"%.100s\": it begins a name, no path", o->save_prefix);
    if (o->save_format && !(lade_format_info(o->save_format) && lade_format_info(o->save_format)->writable))
        return lade_error_set_subject(err, LADE_EINVAL, "save_format", "save_format is %s, which lade does not write",
                                      lade_format_name(o->save_format));
    if (o->class_weights && o->order != LADE_ORDER_BALANCED)
        return lade_error_set(err, LADE_EINVAL, "class_weights are given, but order is %s: it has to be balanced",
                              lade_order_name(o->order));
    if (!(o->validation_split >= 0 && o->validation_split < 1))
        return lade_error_set(err, LADE_EINVAL, "validation_split is %g: it can be 0 up to, but not, 1",
                              o->validation_split);
    if (o->subset != LADE_SUBSET_ALL && o->validation_split == 0)
        return lade_error_set(err, LADE_EINVAL, "subset is %s: it needs a validation_split above 0",
                              lade_subset_name(o->subset));
    if (!(o->zca_epsilon == LADE_OFF || (o->zca_epsilon >= 0 && isfinite(o->zca_epsilon))))
        return lade_error_set(err, LADE_EINVAL, "zca_epsilon is %g: it has to be a number of at least 0, or LADE_OFF",
                              o->zca_epsilon);
    if (!isfinite(o->rescale))
        return lade_error_set(err, LADE_EINVAL, "rescale is %g: it has to be a finite number", (double)o->rescale);
    if (o->dtype == LADE_UINT8 && o->rescale != 0)
        return lade_error_set(err, LADE_EINVAL, "rescale is %g with dtype uint8: take float32, or no rescale",
                              (double)o->rescale);
    return LADE_OK;
}

static int check_crop(const struct lade_flow_options *o, struct lade_error *err) {
    const struct lade_crop_range range = {{o->crop_scale[0], o->crop_scale[1]}, {o->crop_ratio[0], o->crop_ratio[1]}};
    int longer = o->target_size[0] > o->target_size[1] ? o->target_size[0] : o->target_size[1];

    if (lade_crop_check(&range, err) < 0)
        return LADE_EINVAL;
    if (o->crop != LADE_CROP_NONE && o->keep_aspect_ratio)
        return lade_error_set(err, LADE_EINVAL, "crop is %s together with keep_aspect_ratio: take one of them",
                              lade_crop_name(o->crop));
    if (o->crop == LADE_CROP_CENTER && (o->crop_resize < longer || o->crop_resize > 2 * 65535))
        return lade_error_set(err, LADE_EINVAL,
                              "crop_resize is %d: it can be %d, the longer side of target_size, to %d (or 0 for 8/7 of "
                              "that side)",
                              o->crop_resize, longer, 2 * 65535);
    return LADE_OK;
}

int lade__options_resolve(struct lade_flow_options *out, const struct lade_flow_options *given,
                          struct lade_error *err) {
    struct lade_flow_options o = given ? *given : (struct lade_flow_options){0};

    if (!o.target_size[0] && !o.target_size[1])
        o.target_size[0] = o.target_size[1] = 256;
    if (!o.crop_resize && o.crop == LADE_CROP_CENTER)
        o.crop_resize = ((o.target_size[0] > o.target_size[1] ? o.target_size[0] : o.target_size[1]) * 8 + 3) / 7;
    o.batch_size = o.batch_size ? o.batch_size : 32;
    if (!o.workers)
        o.workers = lade__sys_threads() < MAX_WORKERS ? lade__sys_threads() : MAX_WORKERS;
    o.world = o.world ? o.world : 1;
    if (!o.limits.max_file_bytes)
        o.limits.max_file_bytes = LADE_MAX_FILE_BYTES;
    if (!o.limits.max_pixels)
        o.limits.max_pixels = LADE_MAX_PIXELS;
    o.classes = NULL;
    if (check_enums(&o, err) < 0 || check_numbers(&o, err) < 0 || check_crop(&o, err) < 0)
        return LADE_EINVAL;
    *out = o;
    return LADE_OK;
}

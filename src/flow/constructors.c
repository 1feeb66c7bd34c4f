/*
 * Defines the public constructors of a flow, one for each kind of source.
 */
#include "flow/flow_impl.h"

#include <stdlib.h>
#include <string.h>

#include "base/option.h"
#include "flow/option/options.h"

/* Makes a flow of @samples if @status is LADE_OK. Otherwise, releases @samples and returns NULL. */
static lade_flow *make_flow(int status, struct lade__samples *samples, const struct lade_flow_options *options,
                            struct lade_error *err) {
    if (status == LADE_OK)
        return lade__flow_new(samples, options, err);
    lade__samples_release(samples);
    return NULL;
}

static bool listed(const char *const *names, const char *name, size_t length) {
    for (; *names; names++)
        if (strlen(*names) == length && memcmp(*names, name, length) == 0)
            return true;
    return false;
}

/* Returns true if a scan of the directory @from would find images in the directory @to. Both paths are absolute. */
static bool would_find(const char *from, const char *to, const struct lade_scan_options *scan, bool has_classes) {
    size_t n = strlen(from);
    const char *below = to + n + (n > 1);

    if (strncmp(to, from, n) != 0 || (to[n] != '/' && to[n] != '\0' && n > 1))
        return false;
    if (to[n] == '\0')
        return !has_classes || scan->flat;
    if (*below == '.' || strstr(below, "/."))
        return false; /* the scan does not read directories whose names begin with a dot */
    return !scan->classes || listed(scan->classes, below, strcspn(below, "/"));
}

/* Refuses a save_to_dir in which the next scan of @source would find the saved images. */
static int check_save_to_dir(const struct lade_flow_options *options, const char *source,
                             const struct lade_scan_options *scan, bool has_classes, struct lade_error *err) {
    char *to = options->save_to_dir ? realpath(options->save_to_dir, NULL) : NULL;
    char *from = to ? realpath(source, NULL) : NULL;
    bool refused = from && would_find(from, to, scan, has_classes);

    free(to);
    free(from);
    if (!refused)
        return LADE_OK;
    return lade_error_set_subject(err, LADE_EINVAL, "save_to_dir",
                                  "save_to_dir is %s, which is in the directory of the images, %s: the next flow would "
                                  "read the saved images; give another directory",
                                  options->save_to_dir, source);
}

static struct lade_scan_options scan_options(const struct lade_flow_options *options) {
    return (struct lade_scan_options){.follow_links = options->follow_links,
                                      .all_files = options->all_files,
                                      .refuse_empty_classes = options->refuse_empty_classes,
                                      .allow_missing_classes = options->allow_missing_classes,
                                      .stop = options->stop};
}

lade_flow *lade_flow_from_directory(const char *directory, const struct lade_flow_options *options,
                                    struct lade_error *err) {
    struct lade_flow_options resolved;
    struct lade__samples samples;
    struct lade_error own = {0};

    err = err ? err : &own;
    if (lade__options_resolve(&resolved, options, err) < 0)
        return NULL;
    struct lade_scan_options scan = scan_options(&resolved);
    scan.classes = options ? options->classes : NULL;
    scan.flat = resolved.class_mode == LADE_CLASS_NONE;
    if (check_save_to_dir(&resolved, directory, &scan, true, err) < 0)
        return NULL;
    int status = lade__samples_from_directory(&samples, directory, &scan, err);
    return make_flow(status, &samples, &resolved, err);
}

lade_flow *lade_flow_from_manifest(const char *path, const struct lade_manifest *manifest,
                                   const struct lade_flow_options *options, struct lade_error *err) {
    struct lade_flow_options resolved;
    struct lade__samples samples;
    struct lade_error own = {0};

    err = err ? err : &own;
    if (lade__options_resolve(&resolved, options, err) < 0 ||
        (manifest && LADE__RESERVED_CHECK(manifest, "lade_manifest", err) < 0))
        return NULL;
    int status =
        lade__samples_from_csv(&samples, path, manifest, resolved.class_mode, options ? options->classes : NULL, err);
    return make_flow(status, &samples, &resolved, err);
}

lade_flow *lade_flow_from_paths(const char *const *paths, const struct lade_flow_options *options,
                                struct lade_error *err) {
    struct lade_flow_options resolved;
    struct lade__samples samples;
    struct lade_error own = {0};

    err = err ? err : &own;
    if (lade__options_resolve(&resolved, options, err) < 0)
        return NULL;
    struct lade_scan_options scan = scan_options(&resolved);
    for (size_t i = 0; paths[i]; i++)
        if (check_save_to_dir(&resolved, paths[i], &scan, false, err) < 0)
            return NULL;
    int status = lade__samples_from_paths(&samples, paths, &scan, err);
    return make_flow(status, &samples, &resolved, err);
}

lade_flow *lade_flow_from_arrays(struct lade_tensor *x, struct lade_tensor *y, struct lade_tensor *sample_weight,
                                 const struct lade_flow_options *options, struct lade_error *err) {
    struct lade_flow_options given = options ? *options : (struct lade_flow_options){0}, resolved;
    struct lade__samples samples;
    struct lade_error own = {0};

    err = err ? err : &own;
    if (lade__samples_check_array(x, err) < 0 ||
        lade__samples_check_pixels("x", x->dtype, x->shape + 1, &given, err) < 0 ||
        lade__options_resolve(&resolved, &given, err) < 0)
        return NULL;
    int status = lade__samples_from_arrays(&samples, x, y, sample_weight, given.class_mode, given.classes, err);
    return make_flow(status, &samples, &resolved, err);
}

lade_flow *lade_flow_from_reader(const struct lade_reader *reader, const struct lade_flow_options *options,
                                 struct lade_error *err) {
    struct lade_flow_options given = options ? *options : (struct lade_flow_options){0}, resolved;
    struct lade__samples samples = {.reader = *reader};
    const int64_t *shape = reader->shape;
    struct lade_error own = {0};
    int status = LADE_OK;

    err = err ? err : &own;
    if (shape[0] || shape[1] || shape[2])
        status = lade__samples_check_pixels(reader->source ? reader->source : "", reader->dtype, shape, &given, err);
    if (status == LADE_OK)
        status = lade__options_resolve(&resolved, &given, err);
    if (status == LADE_OK)
        status = lade__samples_from_reader(&samples, reader, given.classes, err);
    return make_flow(status, &samples, &resolved, err);
}

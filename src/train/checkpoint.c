/*
 * train/checkpoint.c - a net as a safetensors file. Parameters have the names that PyTorch gives to those of the same
 * Sequential; everything else a run leaves behind gets names of its own ("optimizer.velocity.0.weight") and keys of its
 * own beside those below, so that a reader of nets reads checkpoints too.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "train/net.h"
#include "train/safetensors.h"

#define FORMAT "1"

/* ---- Saving -------------------------------------------------------------------------------------------------------
 */

bool lade__is_utf8(const char *text) {
    json_t *string = json_string(text); /* NULL if not */
    json_decref(string);
    return string != NULL;
}

/* A JSON list of the names, to be freed by free(); NULL: no memory. */
static char *names_to_text(const char *const *names, int count) {
    json_t *list = json_array();
    for (int i = 0; list && i < count; i++)
        if (json_array_append_new(list, json_string(names[i])) != 0) {
            json_decref(list);
            list = NULL;
        }
    char *text = list ? json_dumps(list, JSON_COMPACT) : NULL;
    json_decref(list);
    return text;
}

int lade_net_save(const lade_net *net, const char *path, struct lade_error *err) {
    const struct lade__design *d = &net->design;
    char shape[LADE__SHAPE_TEXT], seed[24], *names = NULL;
    snprintf(seed, sizeof seed, "%" PRIu64, net->info.seed);
    struct lade__meta meta[7] = {{"lade.format", FORMAT},
                                 {"lade.spec", net->info.spec},
                                 {"lade.sample_shape", lade__shape_text(&d->in, shape)},
                                 {"lade.loss", lade__loss_name(net->info.loss)},
                                 {"lade.seed", seed},
                                 {"lade.data_format", net->info.channels_first ? "channels_first" : "channels_last"}};
    int meta_count = 6;
    if (net->info.class_names) {
        names = names_to_text(net->info.class_names, net->info.class_names_count);
        if (!names)
            return lade_error_set(err, LADE_ENOMEM, "cannot write %s: no memory", path);
        meta[meta_count++] = (struct lade__meta){"lade.class_names", names};
    }
    size_t count = (size_t)d->parameter_count;
    struct lade__safetensor *tensors = lade_calloc(count, sizeof *tensors);
    const float **data = lade_calloc(count, sizeof *data);
    char(*text)[LADE__PARAMETER_NAME] = lade_calloc(count, sizeof *text);
    int status = LADE_OK;
    if (!tensors || !data || !text)
        status = lade_error_set(err, LADE_ENOMEM, "cannot write %s: no memory", path);
    for (int i = 0; i < d->parameter_count && status == LADE_OK; i++) {
        tensors[i].name = lade__parameter_name(&d->parameters[i], text[i]);
        tensors[i].shape = d->parameters[i].shape;
        data[i] = net->values + d->parameters[i].offset;
    }
    if (status == LADE_OK)
        status = lade__safetensors_write(path, meta, meta_count, tensors, data, d->parameter_count, err);
    lade_free(text);
    lade_free(data);
    lade_free(tensors);
    free(names);
    return status;
}

/* ---- Loading ------------------------------------------------------------------------------------------------------
 */

struct loading {
    struct lade__safetensors file;
    struct lade__design design;
    struct lade_net_options options;
    json_t *names; /* what options.class_names points into */
};

static int bad_meta(struct lade_error *err, const char *key) {
    return lade_error_set(err, LADE_EFORMAT, "\"%s\" in \"__metadata__\" is damaged", key);
}

static int read_shape(const char *text, struct lade__shape *s, struct lade_error *err) {
    for (const char *c = text; s->ndim < LADE_MAX_DIMS; c++) {
        int64_t size = 0;
        const char *digits = c;
        while (*c >= '0' && *c <= '9' && size <= INT32_MAX)
            size = size * 10 + (*c++ - '0');
        if (c == digits)
            break;
        s->size[s->ndim++] = size;
        if (*c == '\0')
            return LADE_OK;
        if (*c != 'x')
            break;
    }
    return bad_meta(err, "lade.sample_shape");
}

static int read_options(struct loading *l, struct lade_error *err) {
    const char *loss = lade__safetensors_meta(&l->file, "lade.loss");
    const char *seed = lade__safetensors_meta(&l->file, "lade.seed");
    char *end = NULL;
    const char *format = lade__safetensors_meta(&l->file, "lade.data_format"); /* older files have none */
    for (int i = LADE_LOSS_AUTO + 1; i < LADE_LOSS_COUNT; i++)
        if (loss && strcmp(loss, lade__loss_name((enum lade_loss)i)) == 0)
            l->options.loss = (enum lade_loss)i;
    if (l->options.loss == LADE_LOSS_AUTO)
        return bad_meta(err, "lade.loss");
    l->options.channels_first = format && strcmp(format, "channels_first") == 0;
    if (format && !l->options.channels_first && strcmp(format, "channels_last") != 0)
        return bad_meta(err, "lade.data_format");
    if (seed && *seed >= '0' && *seed <= '9')
        l->options.seed = strtoull(seed, &end, 10);
    return end && *end == '\0' ? LADE_OK : bad_meta(err, "lade.seed");
}

/* *copy: memory for the pointers, the caller's to free. */
static int read_class_names(struct loading *l, const char ***copy, struct lade_error *err) {
    const char *text = lade__safetensors_meta(&l->file, "lade.class_names");
    if (!text)
        return LADE_OK;
    int64_t outputs = lade__shape_count(&l->design.out), count = outputs == 1 ? 2 : outputs;
    l->names = json_loads(text, 0, NULL);
    if (!json_is_array(l->names) || (int64_t)json_array_size(l->names) != count)
        return bad_meta(err, "lade.class_names");
    *copy = lade_calloc((size_t)count, sizeof **copy);
    if (!*copy)
        return lade_error_set(err, LADE_ENOMEM, "no memory for the names of %" PRId64 " classes", count);
    for (int64_t i = 0; i < count; i++) {
        (*copy)[i] = json_string_value(json_array_get(l->names, (size_t)i));
        if (!(*copy)[i])
            return bad_meta(err, "lade.class_names");
    }
    l->options.class_names = *copy;
    return LADE_OK;
}

/* Every parameter must be there, as it should be, before memory is taken for any. */
static int check_tensors(const struct loading *l, struct lade_error *err) {
    char name[LADE__PARAMETER_NAME], have[LADE__SHAPE_TEXT], want[LADE__SHAPE_TEXT];
    for (int i = 0; i < l->design.parameter_count; i++) {
        const struct lade__parameter *p = &l->design.parameters[i];
        const struct lade__safetensor *t = lade__safetensors_find(&l->file, lade__parameter_name(p, name));
        if (!t)
            return lade_error_set(err, LADE_EFORMAT, "tensor \"%s\" is missing", name);
        if (strcmp(t->dtype, "F32") != 0)
            return lade_error_set(err, LADE_EUNSUPPORTED, "tensor \"%s\": its \"dtype\" is %s; F32 is read", name,
                                  t->dtype);
        if (!lade__shape_equal(&t->shape, &p->shape))
            return lade_error_set(err, LADE_EFORMAT, "tensor \"%s\": its \"shape\" is %s; \"lade.spec\" says %s", name,
                                  lade__shape_text(&t->shape, have), lade__shape_text(&p->shape, want));
    }
    return LADE_OK;
}

static int read_design(struct loading *l, struct lade_error *err) {
    const char *format = lade__safetensors_meta(&l->file, "lade.format");
    const char *spec = lade__safetensors_meta(&l->file, "lade.spec");
    const char *shape_text = lade__safetensors_meta(&l->file, "lade.sample_shape");
    struct lade__shape shape = {0};
    if (!format || !spec || !shape_text)
        return lade_error_set(err, LADE_EFORMAT, "it was not written by lade: no \"%s\" in \"__metadata__\"",
                              !format ? "lade.format"
                              : !spec ? "lade.spec"
                                      : "lade.sample_shape");
    if (strcmp(format, FORMAT) != 0)
        return lade_error_set(err, LADE_EUNSUPPORTED, "it was written by a later lade: \"lade.format\" is not " FORMAT);
    int status = read_shape(shape_text, &shape, err);
    if (status == LADE_OK)
        status = read_options(l, err);
    if (status == LADE_OK)
        status = lade__design_init(&l->design, spec, &shape, l->options.channels_first, err);
    return status == LADE_EINVAL ? LADE_EFORMAT : status; /* the file's fault, not the caller's */
}

static int read_net(struct loading *l, lade_net **net, struct lade_error *err) {
    const char **names = NULL;
    int status = read_design(l, err);
    if (status == LADE_OK)
        status = check_tensors(l, err);
    if (status == LADE_OK)
        status = read_class_names(l, &names, err);
    if (status == LADE_OK)
        status = lade__net_assemble(&l->design, lade__safetensors_meta(&l->file, "lade.spec"), &l->options, net, err);
    for (int i = 0; status == LADE_OK && i < (*net)->design.parameter_count; i++) {
        const struct lade__parameter *p = &(*net)->design.parameters[i];
        char name[LADE__PARAMETER_NAME];
        const struct lade__safetensor *t = lade__safetensors_find(&l->file, lade__parameter_name(p, name));
        status = lade__safetensors_read(&l->file, t, (*net)->values + p->offset, err);
    }
    lade_free(names);
    return status;
}

lade_net *lade_net_load(const char *path, int threads, struct lade_error *err) {
    struct loading l = {.options = {.threads = threads}};
    lade_net *net = NULL;
    if (lade__safetensors_open(&l.file, path, err) < 0)
        return NULL;
    struct lade_error why = {0};
    int status = read_net(&l, &net, &why);
    if (status < 0) {
        lade_error_set(err, status, "%s: %s", path, why.message);
        lade_net_free(net);
        net = NULL;
    }
    json_decref(l.names);
    lade__design_release(&l.design);
    lade__safetensors_close(&l.file);
    return net;
}

/*
 * train/file/checkpoint.c - a net as a safetensors file. Parameters have the names that PyTorch gives to those of the
 * same Sequential; everything else a run leaves behind gets names of its own ("exp_avg.0.weight", after PyTorch's
 * optimisers) and a key of its own beside those below, so that a reader of nets reads checkpoints too.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "train/file/checkpoint.h"
#include "base/json.h"
#include "train/net/net.h"

#define FORMAT        "1"
#define CLASS_NAMES   "lade.class_names"
#define PREPROCESSING "lade.preprocessing"

/* ---- Saving ------------------------------------------------------------------------------------------------------ */

/* A JSON list of the names, to be freed by lade_free(); NULL: no memory. */
static char *names_to_text(const char *const *names, int count) {
    json_t *list = json_array();
    for (int i = 0; list && i < count; i++)
        if (json_array_append_new(list, json_string(names[i])) != 0) {
            json_decref(list);
            list = NULL;
        }
    char *text = lade__json_to_text(list);
    json_decref(list);
    return text;
}

/* What every file says of a net. */
struct net_metadata {
    char shape[LADE__SHAPE_TEXT], seed[24];
    struct lade__meta meta[6];
};

static void describe_net(const lade_net *net, struct net_metadata *w) {
    snprintf(w->seed, sizeof w->seed, "%" PRIu64, net->info.seed);
    const struct lade__meta meta[] = {
        {"lade.format", FORMAT},
        {"lade.spec", net->info.spec},
        {"lade.sample_shape", lade__shape_text(&net->spec.in, w->shape)},
        {"lade.loss", lade_loss_name(net->info.loss)},
        {"lade.seed", w->seed},
        {"lade.data_format", net->info.channels_first ? "channels_first" : "channels_last"}};
    memcpy(w->meta, meta, sizeof meta);
}

#define NET_METADATA ((int)(sizeof((struct net_metadata *)0)->meta / sizeof(struct lade__meta)))

#define BLOCK_NAME 64

/* "exp_avg.0.weight". Returns @name. */
static char *block_name(const struct lade__block *b, const struct lade__parameter *p, char *name) {
    char parameter[LADE__PARAMETER_NAME];
    snprintf(name, BLOCK_NAME, "%s.%s", b->name, lade__parameter_name(p, parameter));
    return name;
}

/* All tensors of a file: names, shapes, data. Returns how many. */
static int list_tensors(const lade_net *net, const struct lade__block *blocks, int block_count,
                        struct lade__safetensor *tensors, const float **data, char (*text)[BLOCK_NAME]) {
    int count = 0;
    for (int block = -1; block < block_count; block++)
        for (int i = 0; i < net->spec.parameter_count; i++) {
            const struct lade__parameter *p = &net->spec.parameters[i];
            if (block >= 0 && p->is_buffer)
                continue;
            tensors[count].name =
                block < 0 ? lade__parameter_name(p, text[count]) : block_name(&blocks[block], p, text[count]);
            tensors[count].shape = p->shape;
            data[count++] = (block < 0 ? net->values : blocks[block].floats) + p->offset;
        }
    return count;
}

int lade__checkpoint_write(const lade_net *net, const char *path, const struct lade__meta *more,
                           const struct lade__block *blocks, int block_count, struct lade_error *err) {
    struct net_metadata net_metadata;
    struct lade__meta meta[NET_METADATA + 3];
    int meta_count = NET_METADATA;
    char *names = NULL;
    describe_net(net, &net_metadata);
    memcpy(meta, net_metadata.meta, sizeof net_metadata.meta);
    if (net->info.class_names) {
        names = names_to_text(net->info.class_names, net->info.class_names_count);
        if (!names)
            return lade_error_set(err, LADE_ENOMEM, "cannot write %s: no memory", path);
        meta[meta_count++] = (struct lade__meta){CLASS_NAMES, names};
    }
    if (net->info.preprocessing)
        meta[meta_count++] = (struct lade__meta){PREPROCESSING, net->info.preprocessing};
    if (more)
        meta[meta_count++] = *more;
    size_t most = (size_t)net->spec.parameter_count * (size_t)(1 + block_count);
    struct lade__safetensor *tensors = lade_calloc(most, sizeof *tensors);
    const float **data = lade_calloc(most, sizeof *data);
    char(*text)[BLOCK_NAME] = lade_calloc(most, sizeof *text);
    int status = LADE_OK;
    if (!tensors || !data || !text)
        status = lade_error_set(err, LADE_ENOMEM, "cannot write %s: no memory", path);
    if (status == LADE_OK)
        status = lade__safetensors_write(path, meta, meta_count, tensors, data,
                                         list_tensors(net, blocks, block_count, tensors, data, text), err);
    lade_free(text);
    lade_free(data);
    lade_free(tensors);
    lade_free(names);
    return status;
}

int lade_net_save(const lade_net *net, const char *path, struct lade_error *err) {
    return lade__checkpoint_write(net, path, NULL, NULL, 0, err);
}

/* ---- Loading ----------------------------------------------------------------------------------------------------- */

struct loading {
    struct lade__safetensors file;
    struct lade__spec spec;
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
        if (loss && strcmp(loss, lade_loss_name((enum lade_loss)i)) == 0)
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
    const char *text = lade__safetensors_meta(&l->file, CLASS_NAMES);
    if (!text)
        return LADE_OK;
    int64_t outputs = lade__shape_count(&l->spec.out), count = outputs == 1 ? 2 : outputs;
    char why[LADE__QUOTED];
    l->names = lade__json_parse(text, strlen(text), why);
    if (!l->names)
        return lade_error_set(err, LADE_EFORMAT, "\"" CLASS_NAMES "\" in \"__metadata__\" is damaged: %s", why);
    if (!json_is_array(l->names) || (int64_t)json_array_size(l->names) != count)
        return bad_meta(err, CLASS_NAMES);
    *copy = lade_calloc((size_t)count, sizeof **copy);
    if (!*copy)
        return lade_error_set(err, LADE_ENOMEM, "no memory for the names of %" PRId64 " classes", count);
    for (int64_t i = 0; i < count; i++) {
        (*copy)[i] = json_string_value(json_array_get(l->names, (size_t)i));
        if (!(*copy)[i])
            return bad_meta(err, CLASS_NAMES);
    }
    l->options.class_names = *copy;
    return LADE_OK;
}

/* A tensor that must be there, as it should be. */
static int check_tensor(const struct lade__safetensors *file, const char *name, const struct lade__shape *shape,
                        struct lade_error *err) {
    char have[LADE__SHAPE_TEXT], want[LADE__SHAPE_TEXT];
    const struct lade__safetensor *t = lade__safetensors_find(file, name);
    if (!t)
        return lade_error_set(err, LADE_EFORMAT, "tensor \"%s\" is missing", name);
    if (strcmp(t->dtype, "F32") != 0)
        return lade_error_set(err, LADE_EUNSUPPORTED, "tensor \"%s\": its \"dtype\" is %s; F32 is read", name,
                              t->dtype);
    if (!lade__shape_equal(&t->shape, shape))
        return lade_error_set(err, LADE_EFORMAT, "tensor \"%s\": its \"shape\" is %s; \"lade.spec\" says %s", name,
                              lade__shape_text(&t->shape, have), lade__shape_text(shape, want));
    return LADE_OK;
}

/* All parameters, before memory is taken for any. */
static int check_tensors(const struct lade__safetensors *file, const struct lade__spec *d, struct lade_error *err) {
    char name[LADE__PARAMETER_NAME];
    int status = LADE_OK;
    for (int i = 0; i < d->parameter_count && status == LADE_OK; i++)
        status = check_tensor(file, lade__parameter_name(&d->parameters[i], name), &d->parameters[i].shape, err);
    return status;
}

static int read_tensors(const struct lade__safetensors *file, lade_net *net, struct lade_error *err) {
    char name[LADE__PARAMETER_NAME];
    int status = LADE_OK;
    for (int i = 0; i < net->spec.parameter_count && status == LADE_OK; i++) {
        const struct lade__parameter *p = &net->spec.parameters[i];
        const struct lade__safetensor *t = lade__safetensors_find(file, lade__parameter_name(p, name));
        status = lade__safetensors_read(file, t, net->values + p->offset, err);
    }
    return status;
}

static int read_spec(struct loading *l, struct lade_error *err) {
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
        status = lade__spec_init(&l->spec, spec, &shape, l->options.channels_first, err);
    return status == LADE_EINVAL ? LADE_EFORMAT : status; /* the file's fault, not the caller's */
}

static int read_net(struct loading *l, lade_net **net, struct lade_error *err) {
    const char **names = NULL;
    int status = read_spec(l, err);
    if (status == LADE_OK)
        status = check_tensors(&l->file, &l->spec, err);
    if (status == LADE_OK)
        status = read_class_names(l, &names, err);
    if (status == LADE_OK)
        status = lade__net_assemble(&l->spec, lade__safetensors_meta(&l->file, "lade.spec"), &l->options, net, err);
    if (status == LADE_OK)
        status = lade__net_set_preprocessing(*net, lade__safetensors_meta(&l->file, PREPROCESSING), err);
    if (status == LADE_OK)
        status = read_tensors(&l->file, *net, err);
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
    lade__spec_release(&l.spec);
    lade__safetensors_close(&l.file);
    return net;
}

/* ---- Into a net that exists -------------------------------------------------------------------------------------- */

static int check_same_net(const lade_net *net, const struct lade__safetensors *file, struct lade_error *err) {
    struct net_metadata net_metadata;
    describe_net(net, &net_metadata);
    for (int i = 0; i < NET_METADATA; i++) {
        const char *key = net_metadata.meta[i].key, *want = net_metadata.meta[i].value,
                   *have = lade__safetensors_meta(file, key);
        char quoted[LADE__QUOTED];
        if (!have || strcmp(have, want) != 0)
            return lade_error_set_subject(err, LADE_EMISMATCH, key,
                                          "it contains another net: \"%s\" is \"%s\" in the file and \"%s\" here", key,
                                          have ? lade__quote(have, strlen(have), quoted) : "", want);
    }
    return LADE_OK;
}

static int each_block(const lade_net *net, const struct lade__safetensors *file, const struct lade__block *blocks,
                      int count, bool check, struct lade_error *err) {
    int status = LADE_OK;
    for (int block = 0; block < count; block++)
        for (int i = 0; i < net->spec.parameter_count && status == LADE_OK; i++) {
            const struct lade__parameter *p = &net->spec.parameters[i];
            char name[BLOCK_NAME];
            block_name(&blocks[block], p, name);
            if (p->is_buffer)
                continue;
            status = check ? check_tensor(file, name, &p->shape, err)
                           : lade__safetensors_read(file, lade__safetensors_find(file, name),
                                                    blocks[block].floats + p->offset, err);
        }
    return status;
}

int lade__checkpoint_check(const lade_net *net, const struct lade__safetensors *file, const struct lade__block *blocks,
                           int count, struct lade_error *err) {
    int status = check_same_net(net, file, err);
    if (status == LADE_OK)
        status = check_tensors(file, &net->spec, err);
    return status == LADE_OK ? each_block(net, file, blocks, count, true, err) : status;
}

int lade__checkpoint_read(lade_net *net, const struct lade__safetensors *file, const struct lade__block *blocks,
                          int count, struct lade_error *err) {
    int status = each_block(net, file, blocks, count, false, err);
    return status == LADE_OK ? read_tensors(file, net, err) : status;
}

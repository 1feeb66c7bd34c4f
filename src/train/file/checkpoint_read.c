/*
 * train/file/checkpoint_read.c - makes a net from a safetensors file, or reads the file into an existing net. The names
 * and shapes of all tensors are compared with the specification before memory for parameters is allocated.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/monitor.h"
#include "gen/stack/stack.h"
#include "train/file/checkpoint.h"
#include "train/net/net.h"

/* ---- Tensors ----------------------------------------------------------------------------------------------------- */

/* Checks that the file has a tensor with this name and shape. */
static int check_tensor(const struct lade__safetensors *file, const char *name, const struct lade__shape *shape,
                        struct lade_error *err) {
    char have[LADE__SHAPE_TEXT], want[LADE__SHAPE_TEXT];
    const struct lade__safetensor *t = lade__safetensors_find(file, name);
    if (!t)
        return lade_error_set(err, LADE_EFORMAT, "tensor \"%s\" is missing", name);
    char quoted[LADE__QUOTED];
    if (!lade__safetensors_can_read(t))
        return lade_error_set(err, LADE_EUNSUPPORTED,
                              "tensor \"%s\": its \"dtype\" is %s; only F32, F16 and BF16 are supported", name,
                              lade__quote(t->dtype, strlen(t->dtype), quoted));
    if (!lade__shape_equal(&t->shape, shape))
        return lade_error_set(err, LADE_EFORMAT, "tensor \"%s\": its \"shape\" is %s; it must be %s", name,
                              lade__shape_text(&t->shape, have), lade__shape_text(shape, want));
    return LADE_OK;
}

/* Checks that the file has all parameters of a specification. */
static int check_tensors(const struct lade__safetensors *file, const struct lade__spec *s, struct lade_error *err) {
    char name[LADE__PARAMETER_NAME];
    int status = LADE_OK;
    for (int i = 0; i < s->parameter_count && status == LADE_OK; i++)
        status = check_tensor(file, lade__parameter_name(&s->parameters[i], name), &s->parameters[i].shape, err);
    return status;
}

static int read_tensors(const struct lade__safetensors *file, const lade_net *net, float *values,
                        struct lade_error *err) {
    char name[LADE__PARAMETER_NAME];
    int status = LADE_OK;
    for (int i = 0; i < net->spec.parameter_count && status == LADE_OK; i++) {
        const struct lade__parameter *p = &net->spec.parameters[i];
        const struct lade__safetensor *t = lade__safetensors_find(file, lade__parameter_name(p, name));
        status = lade__safetensors_read(file, t, values + p->offset, err);
    }
    return status;
}

/* ---- The description of the net ---------------------------------------------------------------------------------- */

struct loading {
    struct lade__safetensors file;
    struct lade__spec spec;
    struct lade_net_options options;
    json_t *names; /* owns the strings of class_names */
    const char **class_names;
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
    const char *format = lade__safetensors_meta(&l->file, "lade.data_format"); /* older files do not have this key */
    for (int i = LADE_LOSS_AUTO + 1; i < LADE_LOSS_COUNT; i++)
        if (loss && strcmp(loss, lade_loss_name((enum lade_loss)i)) == 0)
            l->options.loss = (enum lade_loss)i;
    if (loss && l->options.loss == LADE_LOSS_AUTO)
        return bad_meta(err, "lade.loss");
    l->options.channels_first = format && strcmp(format, "channels_first") == 0;
    if (format && !l->options.channels_first && strcmp(format, "channels_last") != 0)
        return bad_meta(err, "lade.data_format");
    if (seed && *seed >= '0' && *seed <= '9')
        l->options.seed = strtoull(seed, &end, 10);
    return !seed || (end && *end == '\0') ? LADE_OK : bad_meta(err, "lade.seed");
}

static int read_class_names(struct loading *l, struct lade_error *err) {
    const char *text = lade__safetensors_meta(&l->file, LADE__CLASS_NAMES);
    int64_t count = lade__class_count(lade__shape_count(&l->spec.out));
    char why[LADE__QUOTED];
    if (!text)
        return LADE_OK;
    l->names = lade__json_parse(text, strlen(text), why);
    if (!l->names)
        return lade_error_set(err, LADE_EFORMAT, "\"" LADE__CLASS_NAMES "\" in \"__metadata__\" is damaged: %s", why);
    if (!json_is_array(l->names) || (int64_t)json_array_size(l->names) != count)
        return bad_meta(err, LADE__CLASS_NAMES);
    l->class_names = lade_calloc((size_t)count, sizeof *l->class_names);
    if (!l->class_names)
        return lade_error_set(err, LADE_ENOMEM, "no memory for the names of %" PRId64 " classes", count);
    for (int64_t i = 0; i < count; i++) {
        l->class_names[i] = json_string_value(json_array_get(l->names, (size_t)i));
        if (!l->class_names[i])
            return bad_meta(err, LADE__CLASS_NAMES);
    }
    l->options.class_names = l->class_names;
    return LADE_OK;
}

static int read_spec(struct loading *l, struct lade_error *err) {
    const char *format = lade__safetensors_meta(&l->file, "lade.format");
    const char *spec = lade__safetensors_meta(&l->file, "lade.spec");
    const char *shape_text = lade__safetensors_meta(&l->file, "lade.sample_shape");
    struct lade__shape shape = {0};
    if (!format || !spec || !shape_text)
        return lade_error_set(err, LADE_EFORMAT, "it was not written by lade: \"__metadata__\" has no \"%s\"",
                              !format ? "lade.format"
                              : !spec ? "lade.spec"
                                      : "lade.sample_shape");
    if (strcmp(format, LADE__CHECKPOINT_FORMAT) != 0)
        return lade_error_set(
            err, LADE_EUNSUPPORTED,
            "it was written by a later version of lade: \"lade.format\" is not " LADE__CHECKPOINT_FORMAT);
    int status = read_shape(shape_text, &shape, err);
    if (status == LADE_OK)
        status = read_options(l, err);
    if (status == LADE_OK)
        status = lade__spec_init(&l->spec, spec, &shape, l->options.channels_first, err);
    return status == LADE_EINVAL ? LADE_EFORMAT : status; /* the file is invalid, not an argument of the caller */
}

/* ---- A new net --------------------------------------------------------------------------------------------------- */

static int read_preprocessing(const struct loading *l, lade_net *net, struct lade_error *err) {
    const struct lade__safetensor *t = lade__safetensors_find(&l->file, LADE__PREPROCESSING_VALUES);
    const char *text = lade__safetensors_meta(&l->file, LADE__PREPROCESSING);
    if (!t || !lade__safetensors_can_read(t))
        return lade__net_set_preprocessing(net, text, NULL, err);
    struct lade_tensor *values = lade_tensor_new(LADE_FLOAT32, t->shape.ndim, t->shape.size);
    int status = values ? lade__safetensors_read(&l->file, t, lade_tensor_data(values), err)
                        : lade_error_set(err, LADE_ENOMEM, "no memory for the numbers of the preprocessing");
    if (status == LADE_OK)
        status = lade__net_set_preprocessing(net, text, values, err);
    lade_tensor_unref(values);
    return status;
}

static int read_net(struct loading *l, lade_net **net, struct lade_error *err) {
    int status = read_spec(l, err);
    if (status == LADE_OK)
        status = check_tensors(&l->file, &l->spec, err);
    if (status == LADE_OK)
        status = read_class_names(l, err);
    if (status == LADE_OK)
        status = lade__net_assemble(&l->spec, lade__safetensors_meta(&l->file, "lade.spec"), &l->options, net, err);
    if (status == LADE_OK)
        status = read_preprocessing(l, *net, err);
    if (status == LADE_OK)
        status = read_tensors(&l->file, *net, (*net)->values, err);
    if (status == LADE_OK)
        status = lade__net_check_finite(*net, err);
    return status;
}

lade_net *lade_net_load(const char *path, int threads, struct lade_error *err) {
    LADE__DEFER_CANCEL;
    struct loading l = {.options = {.threads = threads}};
    lade_net *net = NULL;
    if (lade__stack_check(LADE__NET_STACK, "loading a net", err) < 0 || lade__safetensors_open(&l.file, path, err) < 0)
        return NULL;
    struct lade_error why = {0};
    int status = read_net(&l, &net, &why);
    if (status < 0) {
        const char *subject = status == LADE_EINVAL ? why.subject : path; /* LADE_EINVAL: @threads is invalid */
        lade_error_set_subject(err, status, subject, "%s: %s", path, why.message);
        lade_net_free(net);
        net = NULL;
    }
    lade_free(l.class_names);
    json_decref(l.names);
    lade__spec_release(&l.spec);
    lade__safetensors_close(&l.file);
    return net;
}

/* ---- An existing net --------------------------------------------------------------------------------------------- */

static int check_same_net(const lade_net *net, const struct lade__safetensors *file, struct lade_error *err) {
    struct lade__net_metadata metadata;
    lade__net_metadata(net, &metadata);
    for (int i = 0; i < LADE__NET_METADATA; i++) {
        const char *key = metadata.entries[i].key, *want = metadata.entries[i].value;
        const char *have = lade__safetensors_meta(file, key);
        char quoted[LADE__QUOTED];
        if (!have || strcmp(have, want) != 0)
            return lade_error_set_subject(err, LADE_EMISMATCH, key,
                                          "it contains another net: \"%s\" is \"%s\", but must be \"%s\"", key,
                                          have ? lade__quote(have, strlen(have), quoted) : "", want);
    }
    return LADE_OK;
}

/* If @check is true, checks the tensors of all blocks. Otherwise, reads the tensors. */
static int each_block(const lade_net *net, const struct lade__safetensors *file, const struct lade__block *blocks,
                      int count, bool check, struct lade_error *err) {
    int status = LADE_OK;
    for (int block = 0; block < count; block++)
        for (int i = 0; i < net->spec.parameter_count && status == LADE_OK; i++) {
            const struct lade__parameter *p = &net->spec.parameters[i];
            char name[LADE__BLOCK_NAME];
            lade__block_name(&blocks[block], p, name);
            if (p->is_buffer && !blocks[block].has_buffers)
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

int lade__checkpoint_read(const lade_net *net, float *values, const struct lade__safetensors *file,
                          const struct lade__block *blocks, int count, struct lade_error *err) {
    int status = each_block(net, file, blocks, count, false, err);
    return status == LADE_OK && values ? read_tensors(file, net, values, err) : status;
}

/*
 * train/net/net.c - makes a net, sets its initial parameters, and prints its layers.
 */
#include "train/net/net.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/monitor.h"
#include "base/option.h"
#include "base/sys.h"
#include "base/text.h"
#include "gen/stack/stack.h"

#define STREAM_NUMBERS 65536 /* count of initial values from one random stream; a stream has 2^17 doubles */

/* ---- Making a net ------------------------------------------------------------------------------------------------ */

/* Stores a copy of the names in *out. The array and all strings are in one block of memory. */
static int copy_names(const char *const *names, int count, const char ***out, struct lade_error *err) {
    size_t size = (size_t)count * sizeof *names;
    for (int i = 0; i < count; i++) {
        char quoted[LADE__QUOTED];
        if (!names[i])
            return lade_error_set_subject(err, LADE_EINVAL, "class_names",
                                          "net: there are %d class names, but the net has %d classes", i, count);
        if (!lade__is_utf8(names[i]))
            return lade_error_set_subject(err, LADE_EINVAL, "class_names",
                                          "net: the name of class %d, \"%s\", is not UTF-8, so it cannot be saved", i,
                                          lade__quote(names[i], strlen(names[i]), quoted));
        size += strlen(names[i]) + 1;
    }
    const char **copy = lade_alloc(size);
    if (!copy)
        return lade_error_set(err, LADE_ENOMEM, "net: no memory for the names of %d classes", count);
    char *text = (char *)(copy + count);
    for (int i = 0; i < count; i++) {
        size_t length = strlen(names[i]) + 1;
        copy[i] = memcpy(text, names[i], length);
        text += length;
    }
    *out = copy;
    return LADE_OK;
}

int lade_net_set_class_names(lade_net *net, const char *const *names, int count, struct lade_error *err) {
    int64_t wanted = lade__class_count(net->info.outputs);
    if (names && count != wanted)
        return lade_error_set_subject(err, LADE_EINVAL, "class_names",
                                      "net: there are %d class names, but a net with %" PRId64 " outputs has %" PRId64
                                      " classes",
                                      count, net->info.outputs, wanted);
    const char **copy = NULL;
    int status = names ? copy_names(names, count, &copy, err) : LADE_OK;
    if (status < 0)
        return status;
    lade_free((void *)net->info.class_names);
    net->info.class_names = copy;
    net->info.class_names_count = copy ? count : 0;
    return LADE_OK;
}

static int fill_info(lade_net *net, const char *text, const struct lade_net_options *o, struct lade_error *err) {
    const struct lade__spec *s = &net->spec;
    struct lade_net_info *info = &net->info;
    if ((int)o->loss < 0 || o->loss >= LADE_LOSS_COUNT)
        return lade_error_set_subject(err, LADE_EINVAL, "loss", "net: loss is %d; it must be 0 to %d", (int)o->loss,
                                      LADE_LOSS_COUNT - 1);
    if (o->threads < 0 || o->threads > LADE__MAX_THREADS)
        return lade_error_set_subject(err, LADE_EINVAL, "threads",
                                      "net: threads is %d; it must be 1 to %d, or 0 for one thread per core",
                                      o->threads, LADE__MAX_THREADS);
    info->sample_ndim = s->in.ndim;
    memcpy(info->sample_shape, s->in.size, sizeof s->in.size);
    info->outputs = lade__shape_count(&s->out);
    info->parameters = s->trainable_count;
    info->layers = s->layer_count;
    info->seed = o->seed;
    info->channels_first = s->channels_first;
    info->loss = o->loss;
    if (info->loss == LADE_LOSS_AUTO)
        info->loss = info->outputs == 1 ? LADE_BINARY_CROSS_ENTROPY : LADE_SOFTMAX_CROSS_ENTROPY;
    info->threads = o->threads ? o->threads : lade__sys_threads();
    info->spec = lade_strdup(text);
    if (!info->spec)
        return lade_error_set(err, LADE_ENOMEM, "net: no memory for the specification");
    int count = o->class_names_count ? o->class_names_count : (int)lade__class_count(info->outputs);
    return lade_net_set_class_names(net, o->class_names, count, err);
}

int lade__net_assemble(struct lade__spec *spec, const char *text, const struct lade_net_options *options,
                       lade_net **out, struct lade_error *err) {
    *out = NULL;
    lade_net *net = lade_calloc(1, sizeof *net);
    if (!net) {
        lade__spec_release(spec);
        return lade_error_set(err, LADE_ENOMEM, "net: no memory");
    }
    net->spec = *spec;
    *spec = (struct lade__spec){0};
    size_t bytes = net->spec.block_floats * sizeof(float);
    int status = fill_info(net, text, options, err);
    if (status == LADE_OK)
        status = lade__net_name_parameters(net, err);
    if (status == LADE_OK) {
        net->values = lade_alloc_aligned(bytes);
        net->pool = lade__pool_new("lade-train", net->info.threads - 1); /* the thread of the caller also computes */
        net->replicas = lade_calloc((size_t)net->info.threads, sizeof *net->replicas);
        if (!net->values || !net->pool || !net->replicas)
            status = lade_error_set(err, LADE_ENOMEM, "net: no memory for %" PRId64 " parameters",
                                    net->spec.trainable_count);
    }
    if (status < 0) {
        lade_net_free(net);
        return status;
    }
    memset(net->values, 0, bytes);
    net->forks = lade__forks();
    *out = net;
    return LADE_OK;
}

static void forget_preprocessing(lade_net *net) {
    lade_free((void *)net->info.preprocessing);
    lade_tensor_unref((struct lade_tensor *)(uintptr_t)net->info.preprocessing_values);
}

int lade__net_set_preprocessing(lade_net *net, const char *preprocessing, const struct lade_tensor *values,
                                struct lade_error *err) {
    if (preprocessing && !lade__is_utf8(preprocessing))
        return lade_error_set_subject(err, LADE_EINVAL, "preprocessing",
                                      "source: the preprocessing options are not UTF-8, so they cannot be saved");
    if (values && values->dtype != LADE_FLOAT32)
        return lade_error_set_subject(err, LADE_EINVAL, "preprocessing_values",
                                      "source: the type of preprocessing_values is %s; it must be float32",
                                      lade_dtype_name(values->dtype));
    char *copy = preprocessing ? lade_strdup(preprocessing) : NULL;
    struct lade_tensor *numbers = values ? lade_tensor_new(LADE_FLOAT32, values->dl.ndim, values->shape) : NULL;
    if ((preprocessing && !copy) || (values && !numbers)) {
        lade_free(copy);
        lade_tensor_unref(numbers);
        return lade_error_set(err, LADE_ENOMEM, "net: no memory for the preprocessing options");
    }
    if (values)
        memcpy(lade_tensor_data(numbers), lade_tensor_data(values), lade_tensor_bytes(values));
    forget_preprocessing(net);
    net->info.preprocessing = copy;
    net->info.preprocessing_values = numbers;
    return LADE_OK;
}

void lade__net_initialise(lade_net *net) {
    for (int i = 0; i < net->spec.parameter_count; i++) {
        const struct lade__parameter *p = &net->spec.parameters[i];
        float *v = net->values + p->offset;
        double bound = p->fan_in ? 1 / sqrt((double)p->fan_in) : 0;
        struct lade_random r;
        for (int64_t j = 0, count = lade__shape_count(&p->shape); j < count; j++) {
            if (j % STREAM_NUMBERS == 0)
                lade_random_init(&r, net->info.seed, (uint64_t)i, (uint64_t)j / STREAM_NUMBERS, LADE_RANDOM_WEIGHTS);
            v[j] = p->fan_in ? (float)lade_random_uniform(&r, -bound, bound) : p->initial;
        }
    }
}

lade_net *lade_net_new(const char *spec, int sample_ndim, const int64_t *sample_shape,
                       const struct lade_net_options *options, struct lade_error *err) {
    struct lade_net_options none = {0};
    const struct lade_net_options *o = options ? options : &none;
    struct lade__shape in = lade__shape_of(sample_ndim, sample_shape);
    struct lade__spec parsed;
    lade_net *net = NULL;
    if (lade__stack_check(LADE__NET_STACK, "making a net", err) < 0)
        return NULL;
    lade_cleanup(lade_freep) char *text = lade__spec_expand(spec, &in, err);
    if (text && LADE__RESERVED_CHECK(o, "lade_net_options", err) == LADE_OK &&
        lade__spec_init(&parsed, text, &in, o->channels_first, err) == LADE_OK &&
        lade__net_assemble(&parsed, text, o, &net, err) == LADE_OK)
        lade__net_initialise(net);
    return net;
}

void lade_net_free(lade_net *net) {
    if (!net)
        return;
    if (net->trained_by)
        *net->trained_by = NULL;
    /* oneDNN's objects of a lost net are not freed, because threads of the parent may have locked mutexes of oneDNN. */
    bool lost = lade__net_lost(net);
    if (!lost)
        lade__plan_cache_release(&net->plans);
    for (int i = 0; !lost && net->replicas && i < net->info.threads; i++)
        lade__replica_release(&net->replicas[i]);
    lade_free(net->replicas);
    lade__pool_free(net->pool);
    lade_free_aligned(net->values);
    lade_free(net->named);
    lade_free((void *)net->info.spec);
    lade_free((void *)net->info.class_names);
    forget_preprocessing(net);
    lade__spec_release(&net->spec);
    lade_free(net);
}

/* ---- Describing -------------------------------------------------------------------------------------------------- */

const struct lade_net_info *lade_net_info(const lade_net *net) {
    return &net->info;
}

/* Returns the text of an item of the list of layers. For an empty branch, the text is "identity". For a layer with
   branches, the text is the name of the layer. For another layer, the text is the layer as written. Sets *length to the
   length of the text. */
static const char *item_text(const lade_net *net, const struct lade__spec_item *item, int *length) {
    const struct lade__layer *l = item->layer == LADE__SAMPLES ? NULL : &net->spec.layers[item->layer];
    const char *text = !l ? "identity" : l->kind->join ? l->kind->word : net->info.spec + l->at;
    *length = l && !l->kind->join ? (int)l->length : (int)strlen(text);
    return text;
}

/* Computes the widths of the column of paths and the column of texts. If there are branches, the paths are
   left-aligned. For this, printf() needs a negative width. */
static void find_widths(const lade_net *net, int *path, int *text) {
    bool branches = false;
    *path = 5;
    *text = 20;
    for (int i = 0; i < net->spec.item_count; i++) {
        const struct lade__spec_item *item = &net->spec.items[i];
        int width = (int)strlen(item->path), length;
        item_text(net, item, &length);
        length += 2 * item->depth;
        *path = *path < width ? width : *path;
        *text = *text < length ? length : *text;
        branches = branches || item->depth > 0;
    }
    *path = branches ? -*path : *path;
}

/* Returns the number of trainable values of a layer. */
static int64_t count_parameters(const struct lade__spec *s, const struct lade__layer *l) {
    int64_t count = 0;
    for (int i = 0; i < l->kind->parameter_count; i++) {
        const struct lade__parameter *p = &s->parameters[l->first_parameter + i];
        count += p->is_buffer ? 0 : lade__shape_count(&p->shape);
    }
    return count;
}

int lade_net_describe(const lade_net *net, FILE *f) {
    const struct lade__spec *s = &net->spec;
    char shape[LADE__SHAPE_TEXT];
    int path, wide, length;
    find_widths(net, &path, &wide);
    fprintf(f, "%*s  %-*s  %-16s  parameters\n", path, "layer", wide, "", "output");
    fprintf(f, "%*s  %-*s  %-16s  %10s\n", path, "", wide, "input", lade__shape_text(&s->in, shape), "");
    for (int i = 0; i < s->item_count; i++) {
        const struct lade__spec_item *item = &s->items[i];
        const char *text = item_text(net, item, &length);
        int indent = 2 * item->depth;
        fprintf(f, "%*s  %*s", path, item->path, indent, "");
        if (item->layer == LADE__SAMPLES)
            fprintf(f, "%s\n", text);
        else
            fprintf(f, "%-*.*s  %-16s  %10" PRId64 "\n", wide - indent, length, text,
                    lade__shape_text(&s->layers[item->layer].out, shape), count_parameters(s, &s->layers[item->layer]));
    }
    fprintf(f, "%*s  %-*s  %-16s  %10" PRId64 "\n", path, "", wide, "in all", "", s->trainable_count);
    fprintf(f, "loss: %s\n", lade_loss_name(net->info.loss));
    return ferror(f) ? LADE_EIO : LADE_OK;
}

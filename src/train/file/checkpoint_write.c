/*
 * train/file/checkpoint_write.c - writes a net, and the arrays of a run, to a safetensors file.
 */
#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/monitor.h"
#include "train/file/checkpoint.h"
#include "train/net/net.h"

void lade__net_metadata(const lade_net *net, struct lade__net_metadata *m) {
    snprintf(m->seed, sizeof m->seed, "%" PRIu64, net->info.seed);
    const struct lade__meta entries[LADE__NET_METADATA] = {
        {"lade.format", LADE__CHECKPOINT_FORMAT},
        {"lade.spec", net->info.spec},
        {"lade.sample_shape", lade__shape_text(&net->spec.in, m->shape)},
        {"lade.loss", lade_loss_name(net->info.loss)},
        {"lade.seed", m->seed},
        {"lade.data_format", net->info.channels_first ? "channels_first" : "channels_last"}};
    memcpy(m->entries, entries, sizeof entries);
}

/* Returns the names as a JSON list. The caller must free the text with lade_free(). Returns NULL if there is no
   memory. */
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

static int no_memory(const char *path, struct lade_error *err) {
    return lade_error_set_subject(err, LADE_ENOMEM, path, "cannot write %s: no memory", path);
}

/* The tensors of a file. */
struct tensors {
    struct lade__safetensor *list;
    const float **data;
    char (*names)[LADE__BLOCK_NAME];
    int count;
};

static void release(struct tensors *t) {
    lade_free(t->names);
    lade_free(t->data);
    lade_free(t->list);
}

static void add(struct tensors *t, const struct lade__parameter *p, const struct lade__block *block,
                const float *values) {
    char *name = t->names[t->count];
    t->list[t->count].name = block ? lade__block_name(block, p, name) : lade__parameter_name(p, name);
    t->list[t->count].shape = p->shape;
    t->data[t->count++] = (block ? block->floats : values) + p->offset;
}

/* Lists all parameters of the net, the tensors of each block, and the numbers of the preprocessing. Returns false if
   there is no memory. */
static bool list_tensors(struct tensors *t, const lade_net *net, const float *values, const struct lade__block *blocks,
                         int block_count) {
    size_t most = (size_t)net->spec.parameter_count * (size_t)(1 + block_count) + 1;
    t->list = lade_calloc(most, sizeof *t->list);
    t->data = lade_calloc(most, sizeof *t->data);
    t->names = lade_calloc(most, sizeof *t->names);
    if (!t->list || !t->data || !t->names)
        return false;
    for (int i = 0; i < net->spec.parameter_count; i++)
        add(t, &net->spec.parameters[i], NULL, values);
    for (int b = 0; b < block_count; b++)
        for (int i = 0; i < net->spec.parameter_count; i++)
            if (blocks[b].has_buffers || !net->spec.parameters[i].is_buffer)
                add(t, &net->spec.parameters[i], &blocks[b], NULL);
    const struct lade_tensor *more = net->info.preprocessing_values;
    if (more) {
        t->list[t->count].name = LADE__PREPROCESSING_VALUES;
        t->list[t->count].shape = lade__shape_of(more->dl.ndim, more->shape);
        t->data[t->count++] = lade_tensor_data(more);
    }
    return true;
}

int lade__checkpoint_write(const lade_net *net, const float *values, const char *path, const struct lade__meta *more,
                           const struct lade__block *blocks, int block_count, struct lade_error *err) {
    struct lade__net_metadata metadata;
    struct lade__meta meta[LADE__NET_METADATA + 3];
    int meta_count = LADE__NET_METADATA;
    lade_cleanup(lade_freep) char *names = NULL;
    lade_cleanup(release) struct tensors tensors = {0};
    lade__net_metadata(net, &metadata);
    memcpy(meta, metadata.entries, sizeof metadata.entries);
    if (net->info.class_names) {
        names = names_to_text(net->info.class_names, net->info.class_names_count);
        if (!names)
            return no_memory(path, err);
        meta[meta_count++] = (struct lade__meta){LADE__CLASS_NAMES, names};
    }
    if (net->info.preprocessing)
        meta[meta_count++] = (struct lade__meta){LADE__PREPROCESSING, net->info.preprocessing};
    if (more)
        meta[meta_count++] = *more;
    if (!list_tensors(&tensors, net, values, blocks, block_count))
        return no_memory(path, err);
    return lade__safetensors_write(path, meta, meta_count, tensors.list, tensors.data, tensors.count, err);
}

int lade_net_save(const lade_net *net, const char *path, struct lade_error *err) {
    LADE__DEFER_CANCEL;
    int status = lade__net_check_lost(net, err);
    return status < 0 ? status : lade__checkpoint_write(net, net->values, path, NULL, NULL, 0, err);
}

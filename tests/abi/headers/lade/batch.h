#ifndef LADE_BATCH_H
#define LADE_BATCH_H
#include <lade/base.h>
#include <lade/tensor.h>
#ifdef __cplusplus
extern "C" {
#endif
struct lade_batch {
    struct lade_tensor *x;
    struct lade_tensor *y;
    struct lade_tensor *sample_weight;
    const int64_t *indices;
    int64_t n;
    int64_t epoch;
    int64_t step;
    int refs;
    void (*release)(struct lade_batch *, void *);
    void *release_ctx;
    unsigned char reserved[48];
};
LADE_API struct lade_batch *lade_batch_ref(struct lade_batch *b);
LADE_API void lade_batch_unref(struct lade_batch *b);
struct lade_source {
    int (*next)(void *ctx, struct lade_batch **out, struct lade_error *err);
    int (*state_get)(void *ctx, char **out, struct lade_error *err);
    int (*state_set)(void *ctx, const char *state, struct lade_error *err);
    int64_t (*sample_name)(void *ctx, int64_t index, char *buffer, size_t size);
    void (*close)(void *ctx);
    void *ctx;
    int64_t steps;
    int64_t samples;
    int64_t classes;
    int sample_ndim;
    int64_t sample_shape[LADE_MAX_DIMS];
    const char *const *class_names;
    const char *preprocessing;
    unsigned char reserved[64];
};
#ifdef __cplusplus
}
#endif
#endif

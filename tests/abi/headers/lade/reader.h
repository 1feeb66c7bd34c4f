#ifndef LADE_READER_H
#define LADE_READER_H
#include <stdbool.h>
#include <lade/base.h>
#include <lade/tensor.h>
#ifdef __cplusplus
extern "C" {
#endif
typedef struct lade_reader_buffer lade_reader_buffer;
LADE_API void *lade_reader_reserve(lade_reader_buffer *buffer, int64_t size, struct lade_error *err);
LADE_API int lade_reader_lend(lade_reader_buffer *buffer, const void *data, int64_t size, struct lade_error *err);
LADE_API void lade_reader_end_flow(lade_reader_buffer *buffer);
struct lade_reader_label {
    const char *class_name;
    float *values;
    float weight;
};
struct lade_reader {
    const char *source;
    const char *root;
    int64_t samples;
    int64_t shape[3];
    enum lade_dtype dtype;
    int (*label)(void *ctx, int64_t i, struct lade_reader_label *label, struct lade_error *err);
    char label_separator;
    bool weighted;
    int columns;
    int (*open)(void *ctx, int workers, struct lade_error *err);
    int64_t (*read)(void *ctx, int worker, int64_t i, lade_reader_buffer *buffer, struct lade_error *err);
    bool (*ahead)(void *ctx, int worker, int64_t i);
    int64_t (*name)(void *ctx, int64_t i, char *buffer, size_t size);
    void (*close)(void *ctx);
    void *ctx;
    unsigned char reserved[64];
};
#ifdef __cplusplus
}
#endif
#endif

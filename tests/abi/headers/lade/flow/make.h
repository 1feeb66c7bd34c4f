#ifndef LADE_FLOW_MAKE_H
#define LADE_FLOW_MAKE_H
#include <lade/base.h>
#include <lade/flow/options.h>
#include <lade/reader.h>
#include <lade/tensor.h>
#ifdef __cplusplus
extern "C" {
#endif
typedef struct lade_flow lade_flow;
LADE_API lade_flow *lade_flow_from_directory(const char *directory, const struct lade_flow_options *options,
                                             struct lade_error *err);
struct lade_manifest {
    const char *x_col;
    const char *const *y_col;
    const char *weight_col;
    const char *directory;
    char label_separator;
    unsigned char reserved[63];
};
LADE_API lade_flow *lade_flow_from_manifest(const char *path, const struct lade_manifest *manifest,
                                            const struct lade_flow_options *options, struct lade_error *err);
LADE_API lade_flow *lade_flow_from_paths(const char *const *paths, const struct lade_flow_options *options,
                                         struct lade_error *err);
LADE_API lade_flow *lade_flow_from_arrays(struct lade_tensor *x, struct lade_tensor *y,
                                          struct lade_tensor *sample_weight, const struct lade_flow_options *options,
                                          struct lade_error *err);
LADE_API lade_flow *lade_flow_from_reader(const struct lade_reader *reader, const struct lade_flow_options *options,
                                          struct lade_error *err);
LADE_API void lade_flow_free(lade_flow *flow);
#ifdef __cplusplus
}
#endif
#endif

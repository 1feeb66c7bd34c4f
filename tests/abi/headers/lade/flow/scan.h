#ifndef LADE_FLOW_SCAN_H
#define LADE_FLOW_SCAN_H
#include <stdbool.h>
#include <lade/base.h>
#include <lade/gen.h>
#ifdef __cplusplus
extern "C" {
#endif
struct lade_scan_options {
    const char *const *classes;
    bool follow_links;
    unsigned char reserved[55];
};
struct lade_scan_file {
    const char *class_name;
    const char *directory;
    const char *name;
    int class_index;
    unsigned char reserved[36];
};
LADE_API LADE_MUST_CHECK lade_gen_owned(struct lade_scan_file)
    lade_scan_files(const char *directory, const struct lade_scan_options *options);
typedef struct lade_scan lade_scan;
LADE_API lade_scan *lade_scan_directory(const char *directory, const struct lade_scan_options *options,
                                        struct lade_error *err);
LADE_API void lade_scan_free(lade_scan *scan);
LADE_API int64_t lade_scan_count(const lade_scan *scan);
LADE_API int lade_scan_classes(const lade_scan *scan);
LADE_API const char *lade_scan_class_name(const lade_scan *scan, int c);
LADE_API int64_t lade_scan_class_count(const lade_scan *scan, int c);
LADE_API int lade_scan_class_of(const lade_scan *scan, int64_t i);
LADE_API int64_t lade_scan_path(const lade_scan *scan, int64_t i, char *buffer, size_t size);
#ifdef __cplusplus
}
#endif
#endif

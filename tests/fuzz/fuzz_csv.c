/*
 * Fuzz target: the input is a CSV file that lists images. The file is read three times: with one label for each image,
 * with several labels, and with numbers. If lade rejects the file, the error must have a message. If lade accepts the
 * file, each sample must have a path and a valid class.
 */
#define _GNU_SOURCE /* memfd_create */
#include <lade/flow.h>

#include "replay.h"

static void read_as(const char *path, const struct lade_manifest *m, enum lade_class_mode mode) {
    struct lade_flow_options o = {.target_size = {1, 1}, .class_mode = mode};
    struct lade_error err = {0};
    char name[64];
    lade_flow *flow = lade_flow_from_manifest(path, m, &o, &err);
    if (!flow) {
        must_be_error(err.code, err.message);
        return;
    }
    for (int64_t i = 0; i < lade_flow_samples(flow); i++) {
        must(lade_flow_filename(flow, i, name, sizeof name) > 0, "a sample has no path");
        must(lade_flow_class_of(flow, i) < lade_flow_classes(flow), "a class number is out of range");
    }
    for (int c = 0; c < lade_flow_classes(flow); c++)
        must(lade_flow_class_index(flow, lade_flow_class_names(flow)[c]) == c, "two classes have the same name");
    lade_flow_free(flow);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n) {
    char path[64];
    int fd = memory_file(bytes, n, path);
    read_as(path, &(struct lade_manifest){.directory = "/"}, LADE_CLASS_CATEGORICAL);
    read_as(path, &(struct lade_manifest){.directory = "/", .label_separator = '|'}, LADE_CLASS_CATEGORICAL);
    read_as(
        path,
        &(struct lade_manifest){.directory = "/", .weight_col = "w", .y_col = (const char *const[]){"a", "b", NULL}},
        LADE_CLASS_RAW);
    close(fd);
    return 0;
}

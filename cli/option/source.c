/*
 * Opens sources. The path decides the kind of a source. A source is a directory, an array (a file that begins like a
 * .npy file), or a list (a file whose name ends in .csv).
 */
#define _POSIX_C_SOURCE 200809L
#include "option/source.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "option/augmentation.h"
#include "option/layout.h"
#include "option/statistics.h"
#include "terminal/exit_code.h"
#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/text.h"

const struct opt source_options[] = {
    {"x-col", OPT_TEXT, OPT_AT(struct source, x_col), .value = "NAME", .help = "list: name of the column of paths",
     .preset = "filename"},
    {"y-col", OPT_LIST, OPT_AT(struct source, y_col), .value = "A,B,...",
     .help = "list: name of the column of classes; with --class-mode raw one or more columns of numbers",
     .preset = "class"},
    {"weight-col", OPT_TEXT, OPT_AT(struct source, weight_col), .value = "NAME",
     .help = "list: name of the column of sample weights", .preset = "none"},
    {"directory", OPT_TEXT, OPT_AT(struct source, directory), .value = "DIR",
     .help = "list: directory to which the paths in the list are relative", .preset = "the folder of the list"},
    {"label-separator", OPT_TEXT, OPT_AT(struct source, label_separator), .value = "C",
     .help = "list: character between the classes of an image that has several classes"},
    {"labels", OPT_TEXT, OPT_AT(struct source, labels), .value = "FILE",
     .help = "array: .npy file of class indices, or of numbers with --class-mode raw"},
    {"weights", OPT_TEXT, OPT_AT(struct source, weights), .value = "FILE",
     .help = "array: .npy file of sample weights"},
    {0}};

enum kind { DIRECTORY, LIST, ARRAY, UNKNOWN };

static bool is_npy(const char *path) {
    char magic[6];
    FILE *f = fopen(path, "rbe");
    bool is = f && fread(magic, 1, sizeof magic, f) == sizeof magic && memcmp(magic, "\x93NUMPY", sizeof magic) == 0;
    if (f)
        fclose(f);
    return is;
}

/* Returns the kind of the source at @path. A pipe is read as a list. */
static enum kind kind_of(const char *path) {
    struct stat status;
    if (stat(path, &status) != 0)
        return UNKNOWN;
    if (S_ISDIR(status.st_mode))
        return DIRECTORY;
    if (S_ISREG(status.st_mode) && is_npy(path))
        return ARRAY;
    return text_has_suffix(path, ".csv") || S_ISFIFO(status.st_mode) ? LIST : UNKNOWN;
}

/* Checks that all given options are for this kind of source. On error, prints a message and returns false. */
static bool check_kind(const struct source *s, enum kind kind) {
    static const char *const kinds[] = {"a directory", "a list", "an array"};
    const struct {
        const char *option;
        bool given;
        enum kind kind;
    } rows[] = {{"--x-col", s->x_col, LIST},
                {"--y-col", s->y_col, LIST},
                {"--weight-col", s->weight_col, LIST},
                {"--directory", s->directory, LIST},
                {"--label-separator", s->label_separator, LIST},
                {"--labels", s->labels, ARRAY},
                {"--weights", s->weights, ARRAY}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].given && rows[i].kind != kind) {
            out_usage("%s is for %s, but %s is %s", rows[i].option, kinds[rows[i].kind], s->path, kinds[kind]);
            return false;
        }
    if (s->label_separator && strlen(s->label_separator) != 1) {
        out_usage("--label-separator %s: give one character", s->label_separator);
        return false;
    }
    return true;
}

/* Maps a .npy file. Returns NULL if @path is NULL or *@good is false. On error, sets *@good to false and returns
   NULL. */
static struct lade_tensor *map_array(const char *path, bool *good, struct lade_error *err) {
    struct lade_tensor *t = path && *good ? lade_tensor_map_npy(path, err) : NULL;
    *good = *good && (t || !path);
    return t;
}

static lade_flow *open_arrays(const struct source *s, const struct lade_flow_options *options, struct lade_error *err) {
    bool good = true;
    struct lade_tensor *x = map_array(s->path, &good, err), *y = map_array(s->labels, &good, err);
    struct lade_tensor *w = map_array(s->weights, &good, err);
    lade_flow *flow = good ? lade_flow_from_arrays(x, y, w, options, err) : NULL;
    lade_tensor_unref(x);
    lade_tensor_unref(y);
    lade_tensor_unref(w);
    return flow;
}

static lade_flow *open_kind(const struct source *s, enum kind kind, const struct lade_flow_options *options,
                            struct lade_error *err) {
    struct lade_manifest manifest = {.x_col = s->x_col,
                                     .y_col = s->y_col,
                                     .weight_col = s->weight_col,
                                     .directory = s->directory,
                                     .label_separator = s->label_separator ? s->label_separator[0] : 0};
    if (kind == LIST)
        return lade_flow_from_manifest(s->path, &manifest, options, err);
    if (kind == ARRAY)
        return open_arrays(s, options, err);
    return lade_flow_from_directory(s->path, options, err); /* sets @err if the path is not a directory */
}

lade_flow *source_open(const struct source *s, const struct lade_flow_options *options, int *code) {
    enum kind kind = kind_of(s->path);
    struct lade_error err = {0};
    struct lade_flow_options with = *options;
    bool good;
    *code = EXIT_USAGE;
    if (kind != UNKNOWN && !check_kind(s, kind))
        return NULL;
    const char *directory = kind == DIRECTORY ? s->path : NULL;
    struct lade_stats *stats = stats_load(options, directory, &good, code);
    if (!good)
        return NULL;
    with.stats = stats;
    lade_flow *flow = open_kind(s, kind, &with, &err);
    lade_stats_free(stats);
    *code = EXIT_FAILED;
    if (!flow && err.code == LADE_EINVAL && kind != UNKNOWN) /* the options contradict each other, or do not fit the
                                                                source */
        *code = out_usage("%s", err.message);
    else if (!flow)
        out_error("%s", err.message);
    if (!flow)
        stats_suggest(&err, options, directory);
    if (flow)
        layout_warn_empty(flow, s->path);
    if (flow && kind == DIRECTORY && layout_has_parts(lade_flow_class_names(flow), lade_flow_classes(flow)))
        layout_print_parts(s->path, lade_flow_class_names(flow), lade_flow_classes(flow));
    return source_watch(flow);
}

/* ---- Looking at a source ---------------------------------------------------------------------------------------- */

lade_flow *source_peek(const struct source *s, const struct lade_flow_options *options) {
    enum kind kind = kind_of(s->path);
    struct lade_flow_options without = standardisation_off(*options);
    struct stat status;
    if (kind == UNKNOWN || (stat(s->path, &status) == 0 && S_ISFIFO(status.st_mode))) /* a pipe can be read only once */
        return NULL;
    return open_kind(s, kind, &without, NULL);
}

void source_warn_other_classes(const struct source *s, const struct lade_flow_options *options, const lade_flow *flow) {
    struct lade_flow_options all = *options;
    if (kind_of(s->path) == ARRAY || lade_flow_classes(flow) == 0) /* the classes of an array have no names */
        return;
    all.classes = NULL;
    all.refuse_empty_classes = false;
    if (all.class_mode == LADE_CLASS_BINARY)
        all.class_mode = LADE_CLASS_SPARSE; /* the source may have more than two classes */
    lade_flow *peek = source_peek(s, &all);
    if (peek)
        layout_warn_other_classes(flow, peek, s->path);
    lade_flow_free(peek);
}

char *source_file(const struct source *s, const lade_flow *flow, int64_t i) {
    enum kind kind = kind_of(s->path);
    int64_t length = kind == ARRAY ? -1 : lade_flow_filename(flow, i, NULL, 0);
    if (length < 0)
        return NULL;
    char *name = text_alloc((size_t)length + 1, 1), *path;
    lade_flow_filename(flow, i, name, (size_t)length + 1);
    const char *slash = strrchr(s->path, '/');
    if (name[0] == '/')
        return name;
    if (kind == DIRECTORY || s->directory)
        path = text_printf("%s/%s", kind == DIRECTORY ? s->path : s->directory, name);
    else
        path = text_printf("%.*s%s", slash ? (int)(slash - s->path + 1) : 0, s->path, name);
    free(name);
    return path;
}

/* ---- Signals ----------------------------------------------------------------------------------------------------- */

static void cancel_flow(void *flow) {
    lade_flow_cancel(flow);
}

lade_flow *source_watch(lade_flow *flow) {
    if (flow)
        interrupt_cancels(cancel_flow, flow);
    return flow;
}

/* Cancels a flow. Returns true if all threads of the flow are idle within 20 ms. */
static bool becomes_idle(lade_flow *flow) {
    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_nsec += 20000000;
    if (deadline.tv_nsec >= 1000000000) {
        deadline.tv_sec++;
        deadline.tv_nsec -= 1000000000;
    }
    lade_flow_cancel(flow);
    return lade_flow_wait_idle(flow, &deadline, NULL) == LADE_OK;
}

void source_close(lade_flow *flow) {
    if (!flow)
        return;
    interrupt_forget(flow);
    if (interrupted() && !becomes_idle(flow))
        interrupt_abandon();
    else
        lade_flow_free(flow);
}

/*
 * lade preview - draws a contact sheet of one batch. The sheet shows the images as a net receives them.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include <lade/flow.h>

#include "command/command.h"
#include "option/opt.h"
#include "option/source.h"
#include "option/stream.h"
#include "report/page.h"
#include "report/json.h"
#include "report/labels.h"
#include "report/sheet.h"
#include "report/stream_report.h"
#include "terminal/interrupt.h"
#include "terminal/module.h"
#include "terminal/output.h"
#include "terminal/text.h"

struct preview {
    struct source source;
    const char *output;
    bool before, json;
    int64_t epoch, step;
};

static const struct opt options_table[] = {
    {"out", OPT_TEXT, OPT_AT(struct preview, output), .value = "FILE", .letter = 'o',
     .help = "write the sheet to FILE, which ends in .png or .svg (required)"},
    {"before", OPT_FLAG, OPT_AT(struct preview, before),
     .help = "also draw each image without augmentation, above the augmented image"},
    {"epoch", OPT_INT, OPT_AT(struct preview, epoch), .value = "E", .low = 0, .high = 4294967295.,
     .help = "number of the epoch, from 0", .preset = "0"},
    {"step", OPT_INT, OPT_AT(struct preview, step), .value = "K", .low = 0, .high = 1e15,
     .help = "number of the batch in the epoch, from 0", .preset = "0"},
    {"json", OPT_FLAG, OPT_AT(struct preview, json), .help = "print one JSON object instead of text"},
    {0}};

/* Returns a batch. On error, prints a message, stores the exit code in *@code and returns NULL. */
static struct lade_batch *get_batch(lade_flow *flow, const struct preview *p, const struct lade_flow_options *options,
                                    int *code) {
    struct lade_error err = {0};
    struct lade_batch *batch = NULL;
    int64_t steps = lade_flow_steps(flow);
    if (p->step >= steps) {
        *code = out_usage("--step %" PRId64 ": an epoch has %" PRId64 " batches; give 0 to %" PRId64, p->step, steps,
                          steps - 1);
        return NULL;
    }
    if (lade_flow_batch(flow, p->epoch, p->step, &batch, &err) < 0) {
        stream_print_error(&err, p->source.path, options);
        *code = EXIT_FAILED;
    }
    return batch;
}

static char *subtitle(lade_flow *flow, const struct preview *p, const struct lade_flow_options *o,
                      const struct lade_batch *batch) {
    int64_t shape[3];
    lade_flow_sample_shape(flow, shape);
    char *augmentation = stream_augmentation(o);
    static const char dot[] = "  \u00b7  ";
    char *text = text_printf(
        "%s%s of %s%s%" PRId64 "x%" PRId64 " %s%s%s%sseed %" PRIu64 ", epoch %" PRId64 ", batch %" PRId64,
        p->before ? "before and after: " : "", text_count(batch->n).s, text_counted(lade_flow_samples(flow), "image").s,
        dot, shape[0], shape[1], lade_interpolation_name(o->interpolation), dot, augmentation, dot, o->seed,
        batch->epoch, batch->step);
    free(augmentation);
    return text;
}

static bool draw_sheet(lade_flow *flow, const struct preview *p, const struct lade_flow_options *options,
                       const struct lade_batch *after, const struct lade_batch *before) {
    int64_t shape[3];
    lade_flow_sample_shape(flow, shape);
    size_t bytes = (size_t)(shape[0] * shape[1] * shape[2]), n = (size_t)after->n;
    struct sheet_image *images = text_alloc(n, sizeof *images);
    char **labels = text_alloc(n, sizeof *labels);
    for (size_t i = 0; i < n; i++) {
        labels[i] = label_text(flow, options->class_mode, after, (int64_t)i);
        images[i] =
            (struct sheet_image){.after = (const uint8_t *)lade_tensor_data(after->x) + i * bytes,
                                 .before = before ? (const uint8_t *)lade_tensor_data(before->x) + i * bytes : NULL,
                                 .label = labels[i],
                                 .class_index = label_class(flow, options->class_mode, after, (int64_t)i)};
    }
    char *title = text_base_name(p->source.path), *below = subtitle(flow, p, options, after);
    struct sheet sheet = {.title = title,
                          .subtitle = below,
                          .height = (int)shape[0],
                          .width = (int)shape[1],
                          .channels = (int)shape[2],
                          .images = images,
                          .count = (int)n,
                          .wrap_labels =
                              options->class_mode == LADE_CLASS_CATEGORICAL || options->class_mode == LADE_CLASS_RAW};
    bool written = module_call("draw", sheet_draw, &sheet, p->output);
    for (size_t i = 0; i < n; i++)
        free(labels[i]);
    free(below);
    free(title);
    free(labels);
    free(images);
    return written;
}

static void report(lade_flow *flow, const struct preview *p, const struct lade_batch *batch) {
    if (p->json) {
        json_t *object = json_new_object(), *samples = json_new_array();
        for (int64_t i = 0; i < batch->n; i++) {
            char *path = stream_path(flow, batch->indices[i]);
            json_append(samples, json_of_text(path));
            free(path);
        }
        json_put_int(object, "images", batch->n);
        json_put_path(object, p->output);
        json_put(object, "samples", samples);
        json_print(object);
        return;
    }
    char *shown = text_escape(p->output);
    out_print("%s: %s\n", shown, text_counted(batch->n, "image").s);
    free(shown);
}

static int preview(lade_flow *flow, lade_flow *plain, const struct preview *p,
                   const struct lade_flow_options *options) {
    int code = EXIT_FAILED;
    struct lade_batch *after = get_batch(flow, p, options, &code);
    struct lade_batch *before = after && plain ? get_batch(plain, p, options, &code) : NULL;
    if (interrupted())
        code = EXIT_INTERRUPTED;
    else if (after && after->n == 0)
        out_error("all images of this batch are invalid files; try another --step, or run lade scan --check");
    else if (after && (before || !plain) && draw_sheet(flow, p, options, after, before))
        code = EXIT_OK;
    if (code == EXIT_OK)
        report(flow, p, after);
    lade_batch_unref(before);
    lade_batch_unref(after);
    return code;
}

int cmd_preview(int argc, char **argv) {
    struct preview p = {0};
    struct lade_flow_options given = {0};
    const struct opt_spec spec = {
        .name = "preview",
        .description = "Draw a contact sheet of a batch after augmentation, with the labels below each image.",
        .arguments = (const struct opt_argument[]){SOURCE_ARGUMENT(&p.source), {0}},
        .groups = (const struct opt_group[]){{"Sheet", options_table, &p},
                                             STREAM_GROUPS(&given),
                                             STREAM_GROUP("Subset", &given),
                                             {"Lists and arrays", source_options, &p.source},
                                             {0}},
        .examples = (const char *const[]){"the images as a net receives them",
                                          "lade preview photos -o sheet.png --horizontal-flip",
                                          "each image before and after a shift",
                                          "lade preview photos -o shift.png --before --width-shift-range 0.3", NULL}};
    int code;
    if (!opt_parse(&spec, argc, argv, &code))
        return code;
    if (!p.output)
        return out_usage("-o FILE is missing; give the file for the sheet");
    code = page_check("-o", p.output);
    if (code != EXIT_OK)
        return code;
    struct lade_flow_options options = stream_as_pixels(given), plain_options = stream_unaugmented(options);
    lade_flow *flow = source_open(&p.source, &options, &code);
    if (!flow)
        return code;
    lade_flow *plain = p.before ? source_open(&p.source, &plain_options, &code) : NULL;
    if (plain || !p.before)
        code = preview(flow, plain, &p, &options);
    source_close(plain);
    source_close(flow);
    return code;
}

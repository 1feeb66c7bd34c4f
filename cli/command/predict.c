/*
 * lade predict - predicts the classes of images with a saved net. Each line is printed as soon as the batch of the
 * image is predicted, and JSON is written in pieces, so that memory does not grow with the number of images.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lade/flow.h>
#include <lade/train.h>

#include "command/command.h"
#include "command/predict_image.h"
#include "option/opt.h"
#include "option/source.h"
#include "option/stream.h"
#include "report/json.h"
#include "report/stream_report.h"
#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/output_file.h"
#include "terminal/progress.h"
#include "terminal/terminal.h"
#include "terminal/text.h"

static const struct opt options[] = {
    {"top", OPT_INT, OPT_AT(struct predict, top), .value = "K", .low = 1, .high = 1 << 20,
     .help = "print the K most probable classes of each image", .preset = "1"},
    {"csv", OPT_TEXT, OPT_AT(struct predict, csv_path), .value = "FILE",
     .help = "also write the predictions to the CSV file FILE"},
    {"batch-size", OPT_INT, OPT_AT(struct predict, stream.batch_size), .value = "N", .low = 1, .high = 1 << 20,
     .help = "images in a batch", .preset = "32"},
    {"follow-links", OPT_FLAG, OPT_AT(struct predict, stream.follow_links),
     .help = "follow symbolic links to directories"},
    {"all-files", OPT_FLAG, OPT_AT(struct predict, stream.all_files),
     .help = "accept files with any suffix: the content decides whether a file is an image"},
    {"threads", OPT_INT, OPT_AT(struct predict, threads), .value = "N", .low = 0, .high = 1024,
     .help = "number of threads that compute; 0 means one for each core", .preset = "0"},
    {"json", OPT_FLAG, OPT_AT(struct predict, json), .help = "print one JSON object instead of text"},
    {0}};

static bool open_paths(struct predict *p, int *code) {
    struct lade_error err = {0};
    bool good;
    struct lade_stats *stats = stats_load(&p->stream, NULL, &good, code);
    if (!good)
        return false;
    p->stream.class_mode = LADE_CLASS_NONE;
    p->stream.stats = stats;
    p->flow = source_watch(lade_flow_from_paths(p->paths, &p->stream, &err));
    p->stream.stats = NULL;
    lade_stats_free(stats);
    *code = EXIT_FAILED;
    if (!p->flow)
        out_error("%s", err.message);
    return p->flow != NULL;
}

/* ---- All images ------------------------------------------------------------------------------------------------- */

/* Predicts a batch and prints the predictions. *@buffer is enlarged for the outputs of the batch. On error, fills @err
   and returns false. If stdout cannot be written, returns false and does not change @err. */
static bool predict_batch(struct predict *p, const struct lade_batch *b, float **buffer, struct lade_error *err) {
    int64_t outputs = lade_net_info(p->net)->outputs;
    float *probabilities = realloc(*buffer, sizeof *probabilities * (size_t)((b->n + 1) * outputs));
    if (!probabilities)
        out_die("out of memory");
    *buffer = probabilities;
    if (lade_net_predict(p->net, b->x, probabilities, err) < 0)
        return false;
    progress_hide();
    for (int64_t i = 0; i < b->n; i++) {
        char *path = stream_path(p->flow, b->indices[i]);
        predict_print(p, path, probabilities + i * outputs);
        if (p->csv_path)
            predict_write_csv(p, path, probabilities + i * outputs);
        free(path);
    }
    p->images += b->n;
    return out_flush();
}

/* Prints the error that ended the stream. If --on-error is fail, and the path in the error begins with a path of the
   command line, also prints the option that skips invalid files. */
static void print_error(const struct predict *p, const struct lade_error *err) {
    out_error("%s", err->message);
    for (const char *const *path = p->paths; *path && p->stream.on_error == LADE_ERROR_FAIL; path++)
        if (strncmp(err->subject, *path, strlen(*path)) == 0) {
            out_error("use --on-error skip to skip invalid files");
            return;
        }
}

static int run(struct predict *p) {
    int64_t steps = lade_flow_steps(p->flow);
    float *buffer = NULL;
    struct lade_error err = {0};
    bool good = true;
    double start = terminal_now();
    if (!isatty(STDOUT_FILENO)) /* on a terminal, the printed lines already show the progress */
        progress_start("predict", lade_flow_samples(p->flow), "img");
    if (p->json)
        json_print_begin("predictions");
    lade_for_each (b, lade_flow_batches(p->flow), &err) {
        good = predict_batch(p, b, &buffer, &err);
        progress_show(p->images, NULL);
        if (!good || b->step + 1 == steps || interrupted())
            break;
    }
    p->seconds = terminal_now() - start;
    progress_end();
    free(buffer);
    if (p->csv_path && (!good || err.code || interrupted()))
        output_file_abort(&p->csv);
    else if (p->csv_path)
        good = output_file_close(&p->csv);
    if (interrupted())
        return EXIT_INTERRUPTED;
    if (err.code)
        print_error(p, &err);
    else if (good && p->images == 0)
        out_error("%s: no valid image in %s", p->paths[0], text_counted(lade_flow_samples(p->flow), "file").s);
    return good && !err.code && p->images && !lade_flow_invalid_count(p->flow) ? EXIT_OK : EXIT_FAILED;
}

/* Prints the rest of the JSON object. This function is also called after an error, so that the predictions before the
   error can be used. */
static void end_json(const struct predict *p) {
    json_t *object = json_new_object();
    json_put_int(object, "images", p->images);
    json_put_int(object, "skipped", lade_flow_invalid_count(p->flow));
    stream_put_invalid(object, p->flow, NULL);
    json_put_real(object, "seconds", p->seconds);
    json_put_real(object, "images_per_s", (double)p->images / p->seconds);
    json_put_int(object, "peak_rss_bytes", stream_peak_rss());
    json_print_end(object);
}

static int predict(struct predict *p) {
    if (p->csv_path && !output_file_check("--csv", p->csv_path))
        return EXIT_FAILED;
    p->net = net_load(p->net_path, p->threads);
    if (!p->net)
        return EXIT_FAILED;
    if (opt_given(&p->stream.class_mode))
        return out_usage("--class-mode: images to predict have no classes; leave out the option");
    int code = net_configure_stream(p->net, p->net_path, &p->stream);
    if (code != EXIT_OK)
        return code;
    if (!opt_given(&p->stream.on_error)) /* one invalid file does not prevent the predictions of other files */
        p->stream.on_error = LADE_ERROR_SKIP;
    predict_name_outputs(p);
    if (p->task == TASK_NUMBERS && opt_given(&p->top))
        return out_usage("--top: %s predicts numbers, not classes; leave out the option", p->net_path);
    if (!open_paths(p, &code))
        return code;
    if (p->csv_path && !predict_open_csv(p))
        return EXIT_FAILED;
    interrupt_protect(p->json); /* the JSON object must be complete even after a signal */
    code = run(p);
    if (p->json) {
        end_json(p);
        out_flush();
    } else {
        stream_print_invalid(p->flow);
    }
    interrupt_protect(false);
    return code;
}

int cmd_predict(int argc, char **argv) {
    struct predict p = {.top = 1};
    const struct opt_spec spec = {
        .name = "predict",
        .description =
            "Predict the classes of images with a saved net. Each line of the output has the class of an image, the "
            "probability of this class, and the path of the image. For nets that predict several labels or numbers, "
            "the "
            "line has the labels whose probability is at least 50%, or the numbers. Images are resized, rescaled and "
            "standardised as in training. Invalid files are skipped and reported, and the exit code is then 1.",
        .arguments =
            (const struct opt_argument[]){
                {"NET", "file that lade train --out has written", &p.net_path, NULL},
                {"FILE|DIR", "images, and folders, which are searched with all subfolders", NULL, &p.paths},
                {0}},
        .groups = (const struct opt_group[]){{"Options", options, &p},
                                             STREAM_GROUP("Samples", &p.stream),
                                             STREAM_GROUP("Standardisation", &p.stream),
                                             {"Statistics", stats_options, &stats_values},
                                             STREAM_GROUP("Running", &p.stream),
                                             {0}},
        .examples = (const char *const[]){"the three most probable classes of a photo",
                                          "lade predict net.safetensors photo.jpg --top 3",
                                          "the images of a folder that are predicted as cats",
                                          "lade predict net.safetensors inbox | grep ^cat", NULL}};
    int code;
    if (!opt_parse(&spec, argc, argv, &code))
        return code;
    code = predict(&p);
    free(p.order);
    net_names_free(p.names);
    source_close(p.flow);
    net_close(p.net);
    return code;
}

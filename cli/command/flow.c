/*
 * lade flow - runs a stream and prints the number of images, the speed, the memory use, and a digest. Two equal streams
 * have the same digest.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lade/flow.h>

#include "command/command.h"
#include "command/npy_export.h"
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

struct flow_run {
    struct source source;
    int64_t epochs, steps, warm_up;
    double seconds;
    bool digest, json;
    const char *state_out, *state, *out;
    struct export_files files;
};

static const struct opt run_options[] = {
    {"epochs", OPT_INT, OPT_AT(struct flow_run, epochs), .value = "N", .low = 1, .high = 1e9,
     .help = "number of passes over the images", .preset = "1"},
    {"steps", OPT_INT, OPT_AT(struct flow_run, steps), .value = "N", .low = 1, .high = 1e15,
     .help = "stop after N batches, and ignore --epochs"},
    {"seconds", OPT_REAL, OPT_AT(struct flow_run, seconds), .value = "S", .low = 0, .high = 1e9, .above = true,
     .help = "stop after S seconds, and ignore --epochs"},
    {"warm-up", OPT_INT, OPT_AT(struct flow_run, warm_up), .value = "N", .low = 0, .high = 1e9,
     .help = "stream N batches before the run; the counts, the time and the checksum do not include them",
     .preset = "0"},
    {"digest", OPT_FLAG, OPT_AT(struct flow_run, digest),
     .help = "print a checksum of all pixels and labels in their order; equal streams have the same checksum"},
    {"state-out", OPT_TEXT, OPT_AT(struct flow_run, state_out), .value = "FILE",
     .help = "save the position (epoch, sample) as JSON at the end"},
    {"state", OPT_TEXT, OPT_AT(struct flow_run, state), .value = "FILE",
     .help = "start at the position saved by --state-out"},
    {"out", OPT_TEXT, OPT_AT(struct flow_run, out), .value = "OUT.npy", .letter = 'o',
     .help = "write x to OUT.npy, y to OUT-y.npy, and sample weights to OUT-sample_weight.npy"},
    {"json", OPT_FLAG, OPT_AT(struct flow_run, json), .help = "print one JSON object instead of text"},
    {0}};

/* The results of a run. */
struct result {
    int64_t images, batches;
    double seconds;
    struct lade_digest digest;
};

static bool read_state(lade_flow *flow, const char *path) {
    char *state = NULL, *shown = text_escape(path);
    size_t capacity = 0;
    errno = 0;
    FILE *f = fopen(path, "rbe");
    bool good = f && getdelim(&state, &capacity, '\0', f) >= 0;
    struct lade_error err = {0};
    if (!good)
        out_error("--state %s: %s", shown, errno ? strerror(errno) : "the file is empty");
    else if (lade_flow_resume(flow, state, &err) < 0)
        out_error("--state %s: %s", shown, err.message);
    if (f)
        fclose(f);
    free(state);
    free(shown);
    return good && !err.code;
}

static bool write_state(lade_flow *flow, const char *path) {
    struct lade_error err = {0};
    char *state;
    if (lade_flow_state(flow, &state, &err) < 0) {
        out_error("%s", err.message);
        return false;
    }
    struct output_file out;
    bool good = output_file_open(&out, path);
    if (good) {
        output_file_write(&out, state, strlen(state));
        output_file_write(&out, "\n", 1);
        good = output_file_close(&out);
    }
    lade_free(state);
    return good;
}

/* Returns true if the run is complete after @batches batches. If @steps is 0, only the time ends the run. */
static bool is_complete(const struct flow_run *run, int64_t steps, int64_t batches, double start) {
    return (steps && batches == steps) || (run->seconds > 0 && batches > 0 && terminal_now() - start >= run->seconds);
}

/* Streams the batches of a warm-up. On error, prints a message and returns false. Also returns false after a signal. */
static bool warm_up(lade_flow *flow, const struct flow_run *run, const struct lade_flow_options *options) {
    struct lade_error err = {0};
    for (int64_t i = 0; i < run->warm_up && !err.code && !interrupted(); i++) {
        struct lade_batch *batch = NULL;
        lade_flow_next(flow, &batch, &err);
        lade_batch_unref(batch);
    }
    if (err.code)
        stream_print_error(&err, run->source.path, options);
    return !err.code && !interrupted();
}

/* Streams @steps batches, or fewer if --seconds ends the run. If @steps is 0, the number of batches has no limit. On
   error, prints a message and returns false. Also returns false after a signal. */
static bool run_stream(lade_flow *flow, struct flow_run *run, const struct lade_flow_options *options, int64_t steps,
                       struct result *result) {
    struct lade_error err = {0};
    int64_t samples = lade_flow_samples(flow), in_epoch = lade_flow_steps(flow);
    const struct lade_flow_options *all = lade_flow_options_get(flow);
    int64_t expected = steps / in_epoch * samples + steps % in_epoch * all->batch_size;
    if (!warm_up(flow, run, options))
        return false;
    double start = terminal_now();
    bool complete = false;
    progress_start("flow", expected / all->world, "img");
    lade_for_each (b, lade_flow_batches(flow), &err) {
        if (run->digest && lade_digest_add(&result->digest, b) < 0)
            out_die("cannot compute the digest of a batch");
        if (run->out && !export_batch(&run->files, run->out, b))
            break;
        result->images += b->n;
        result->batches++;
        progress_show(result->images, NULL);
        complete = is_complete(run, steps, result->batches, start);
        if (complete || interrupted())
            break;
    }
    progress_end();
    result->seconds = terminal_now() - start;
    if (err.code)
        stream_print_error(&err, run->source.path, options);
    return !err.code && complete;
}

static void put_stages(json_t *object, lade_flow *flow) {
    struct lade_flow_counters c;
    lade_flow_counters(flow, &c);
    json_t *stages = json_new_object();
    json_put_real(stages, "read", c.read);
    json_put_real(stages, "decode", c.decode);
    json_put_real(stages, "transform", c.transform);
    json_put_real(stages, "wait_full", c.wait_full);
    json_put_real(stages, "wait_empty", c.wait_empty);
    json_put_int(stages, "bytes_read", c.bytes_read);
    json_put_int(stages, "workers", c.workers);
    json_put_int(stages, "ring", c.ring);
    json_put(object, "stages", stages);
}

static void report_json(lade_flow *flow, const struct flow_run *run, const struct result *r) {
    json_t *object = json_new_object();
    json_put_int(object, "streamed_samples", r->images);
    json_put_int(object, "batches", r->batches);
    json_put_int(object, "dataset_samples", lade_flow_samples(flow));
    json_put_int(object, "classes", lade_flow_classes(flow));
    json_put_real(object, "seconds", r->seconds);
    json_put_real(object, "images_per_s", r->seconds > 0 ? (double)r->images / r->seconds : 0);
    json_put_int(object, "peak_rss_bytes", stream_peak_rss());
    json_put_int(object, "skipped", lade_flow_invalid_count(flow));
    stream_put_invalid(object, flow, NULL);
    if (run->digest) {
        char digest[33];
        lade_digest_text(&r->digest, digest);
        json_put_text(object, "digest", digest);
    }
    put_stages(object, flow);
    json_print(object);
}

static void report(lade_flow *flow, const struct flow_run *run, const struct lade_flow_options *options,
                   const struct result *r) {
    struct lade_flow_counters c;
    lade_flow_counters(flow, &c);
    char *name = text_escape(run->source.path), *shape = stream_shape(flow, options);
    out_print("%s: %s in %s, streamed as %s\n\n", name, text_counted(lade_flow_samples(flow), "image").s,
              text_counted(lade_flow_classes(flow), "class").s, shape);
    out_print("  images       %s in %s\n", text_count(r->images).s, text_counted(r->batches, "batch").s);
    out_print("  time         %s\n", text_seconds(r->seconds).s);
    out_print("  rate         %s images/s\n", text_rate((double)r->images / r->seconds).s);
    out_print("  peak memory  %s\n", text_bytes(stream_peak_rss()).s);
    if (options->on_error == LADE_ERROR_SKIP)
        out_print("  skipped      %s\n", text_counted(lade_flow_invalid_count(flow), "invalid file").s);
    if (run->digest) {
        char digest[33];
        lade_digest_text(&r->digest, digest);
        out_print("  digest       %s\n", digest);
    }
    out_print(
        "\n  seconds, sum of %s: read %.2f, decode %.2f, transform %.2f, waiting %.2f; the consumer waited %.2f\n",
        text_counted(c.workers, "worker").s, c.read, c.decode, c.transform, c.wait_full, c.wait_empty);
    free(name);
    free(shape);
}

static int run_and_report(lade_flow *flow, struct flow_run *run, const struct lade_flow_options *options) {
    if (run->state && !read_state(flow, run->state))
        return EXIT_FAILED;
    int64_t steps = run->steps ? run->steps : run->seconds > 0 ? 0 : run->epochs * lade_flow_steps(flow);
    struct result result = {0};
    bool complete = run_stream(flow, run, options, steps, &result);
    complete = export_finish(&run->files, complete) && complete;
    if (interrupted())
        return EXIT_INTERRUPTED;
    if (!complete)
        return EXIT_FAILED;
    if (!run->json)
        stream_print_invalid(flow);
    if (run->state_out && !write_state(flow, run->state_out))
        return EXIT_FAILED;
    if (run->json)
        report_json(flow, run, &result);
    else
        report(flow, run, options, &result);
    return EXIT_OK;
}

int cmd_flow(int argc, char **argv) {
    struct flow_run run = {.epochs = 1};
    struct lade_flow_options options = {0};
    const struct opt_spec spec = {
        .name = "flow",
        .description = "Stream batches of images from class folders, a list or an array, and report speed, memory and, "
                       "with --digest, a checksum of the batches.",
        .arguments = (const struct opt_argument[]){SOURCE_ARGUMENT(&run.source), {0}},
        .groups = (const struct opt_group[]){{"Run", run_options, &run},
                                             STREAM_GROUPS(&options),
                                             STREAM_GROUP("Subset", &options),
                                             {"Lists and arrays", source_options, &run.source},
                                             STREAM_GROUP("Saving samples as images", &options),
                                             STREAM_GROUP("Several processes", &options),
                                             {0}},
        .examples = (const char *const[]){
            "measure how fast this machine streams images",
            "lade flow photos --target-size 224x224 --interpolation bilinear",
            "compare the streams of one thread and of four threads",
            "lade flow photos --digest --workers 1; lade flow photos --digest --workers 4",
            "flip images at random, and skip invalid files",
            "lade flow photos --horizontal-flip --on-error skip --json", "stream the images of a CSV file",
            "lade flow list.csv --x-col file --y-col label --directory photos", NULL}};
    int code;
    if (!opt_parse(&spec, argc, argv, &code))
        return code;
    if (stats_apply(&options) != EXIT_OK)
        return EXIT_USAGE;
    if (run.out && !export_check(run.out))
        return EXIT_USAGE;
    if (run.state_out && !output_file_check("--state-out", run.state_out))
        return EXIT_FAILED;
    lade_flow *flow = source_open(&run.source, &options, &code);
    if (!flow)
        return code;
    code = run_and_report(flow, &run, &options);
    source_close(flow);
    return code;
}

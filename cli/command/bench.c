/*
 * lade bench - compares the speed of a stream with the speed of libjpeg-turbo alone. The stream and libjpeg-turbo
 * decode the same files on the same cores. Each round measures both, one after the other, so that other load on the
 * machine affects both equally. The results are the medians of all rounds.
 */
#define _GNU_SOURCE /* for CLOCK_PROCESS_CPUTIME_ID with any -std */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <lade/flow.h>

#include "command/command.h"
#include "command/jpeg_baseline.h"
#include "option/opt.h"
#include "option/source.h"
#include "option/stream.h"
#include "report/json.h"
#include "report/stream_report.h"
#include "report/table.h"
#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/progress.h"
#include "terminal/terminal.h"
#include "terminal/text.h"

enum { MOST_ROUNDS = 1000 };
/* RAW: libjpeg-turbo, with all files in memory. RAW_READ: libjpeg-turbo, which also reads the files. FLOW: the
   stream. */
enum contender { RAW, RAW_READ, FLOW, CONTENDERS };

/* The result of one contender in one round. */
struct sample {
    double per_s, cpu_us; /* images per second; CPU time per image in microseconds */
};

struct bench {
    const char *directory;
    int rounds;
    double seconds;
    bool json;
    struct lade_flow_options stream;
    lade_flow *flow;
    struct jpeg_files files;
    int workers;
    int64_t passes; /* number of passes over the files, for each contender in each round */
    struct sample samples[CONTENDERS][MOST_ROUNDS];
    struct lade_flow_counters counters; /* counters of the stream in all rounds, without the warm-up */
};

static const struct opt options[] = {
    {"rounds", OPT_INT, OPT_AT(struct bench, rounds), .value = "N", .low = 1, .high = MOST_ROUNDS,
     .help = "number of rounds", .preset = "9"},
    {"min-seconds", OPT_REAL, OPT_AT(struct bench, seconds), .value = "X", .low = 0.01, .high = 1000,
     .help = "shortest time of a measurement in seconds", .preset = "0.5"},
    {"json", OPT_FLAG, OPT_AT(struct bench, json), .help = "print one JSON object instead of text"},
    {0}};

/* ---- Measuring --------------------------------------------------------------------------------------------------- */

static double cpu_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Pulls batches with at least @images images from the stream. Stores the number of images in *@pulled. */
static bool pull(struct bench *b, int64_t images, int64_t *pulled) {
    struct lade_error err = {0};
    for (*pulled = 0; *pulled < images && !interrupted();) {
        struct lade_batch *batch;
        if (lade_flow_next(b->flow, &batch, &err) < 0) {
            stream_print_error(&err, b->directory, &b->stream);
            return false;
        }
        *pulled += batch->n;
        lade_batch_unref(batch);
    }
    return true;
}

/* Pulls the batches that the stream has prepared before a measurement. The measurement must not count these batches,
   because it does not include the time to prepare them. */
static bool drain(struct bench *b) {
    struct lade_flow_counters c;
    int64_t pulled;
    lade_flow_counters(b->flow, &c);
    int64_t batch = lade_flow_options_get(b->flow)->batch_size;
    return pull(b, batch * (c.ring ? c.ring : 1), &pulled);
}

/* Waits until the threads of the stream have filled the ring and are idle. */
static void settle(struct bench *b) {
    struct lade_flow_counters before = {0}, now;
    for (;;) {
        lade_flow_counters(b->flow, &now);
        if (now.images == before.images)
            return;
        before = now;
        nanosleep(&(struct timespec){0, 20000000}, NULL);
    }
}

static void add_counters(struct bench *b, const struct lade_flow_counters *before,
                         const struct lade_flow_counters *after) {
    b->counters.images += after->images - before->images;
    b->counters.read += after->read - before->read;
    b->counters.decode += after->decode - before->decode;
    b->counters.transform += after->transform - before->transform;
}

static bool measure(struct bench *b, enum contender which, struct sample *sample) {
    int64_t images = b->files.count * b->passes;
    struct lade_flow_counters before, after;
    if (which == FLOW && !drain(b))
        return false;
    lade_flow_counters(b->flow, &before);
    double start = terminal_now(), cpu = cpu_now();
    bool good = which == FLOW ? pull(b, images, &images)
                              : jpeg_files_decode(&b->files, b->passes, b->workers, which == RAW_READ);
    double seconds = terminal_now() - start;
    lade_flow_counters(b->flow, &after);
    if (which == FLOW) /* count the images that were prepared during the measurement, because some of the pulled
                          batches may have been prepared earlier */
        images = after.images - before.images;
    *sample = (struct sample){(double)images / seconds, (cpu_now() - cpu) * 1e6 / (double)images};
    if (which == FLOW) {
        add_counters(b, &before, &after);
        settle(b);
    }
    return good && !interrupted();
}

/* Measures each contender once, which fills the page cache. Then chooses the number of passes. */
static bool warm_up(struct bench *b) {
    struct sample sample;
    b->passes = 1;
    bool good = measure(b, FLOW, &sample) && measure(b, RAW_READ, &sample) && measure(b, RAW, &sample);
    b->passes = (int64_t)(b->seconds * sample.per_s / (double)b->files.count) + 1;
    b->counters = (struct lade_flow_counters){0};
    return good;
}

static bool measure_all(struct bench *b) {
    progress_start("bench", 0, "rounds");
    bool good = warm_up(b);
    progress_start("bench", (int64_t)b->rounds * CONTENDERS, "measurements");
    for (int i = 0; i < b->rounds * CONTENDERS && good; i++) {
        good = measure(b, (enum contender)(i % CONTENDERS), &b->samples[i % CONTENDERS][i / CONTENDERS]);
        progress_show(i + 1, NULL);
    }
    progress_end();
    return good;
}

/* ---- Reporting --------------------------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b) {
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static double median(double *values, int n) {
    qsort(values, (size_t)n, sizeof *values, by_size);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static double rate(const struct bench *b, enum contender which) {
    double values[MOST_ROUNDS];
    for (int i = 0; i < b->rounds; i++)
        values[i] = b->samples[which][i].per_s;
    return median(values, b->rounds);
}

static double cpu_time(const struct bench *b, enum contender which) {
    double values[MOST_ROUNDS];
    for (int i = 0; i < b->rounds; i++)
        values[i] = b->samples[which][i].cpu_us;
    return median(values, b->rounds);
}

/* Divides the speed of one contender by the speed of another in each round, and returns the median of the ratios. */
static double ratio(const struct bench *b, enum contender which, enum contender to) {
    double values[MOST_ROUNDS];
    for (int i = 0; i < b->rounds; i++)
        values[i] = b->samples[which][i].per_s / b->samples[to][i].per_s;
    return median(values, b->rounds);
}

/* Returns the average time that a worker needs for one stage of one image, in microseconds. @seconds is the total time
   of the stage for all images. */
static double stage_us(const struct bench *b, double seconds) {
    return b->counters.images ? seconds * 1e6 / (double)b->counters.images : 0;
}

static void report_json(const struct bench *b) {
    json_t *object = json_new_object(), *stages = json_new_object(), *cpus = json_new_object();
    json_put_real(object, "raw_images_per_s", rate(b, RAW));
    json_put_real(object, "raw_read_images_per_s", rate(b, RAW_READ));
    json_put_real(object, "images_per_s", rate(b, FLOW));
    json_put_real(object, "ratio", ratio(b, FLOW, RAW));
    json_put_real(object, "ratio_read", ratio(b, FLOW, RAW_READ));
    json_put_real(stages, "read", stage_us(b, b->counters.read));
    json_put_real(stages, "decode", stage_us(b, b->counters.decode));
    json_put_real(stages, "transform", stage_us(b, b->counters.transform));
    json_put(object, "stages", stages);
    json_put_real(cpus, "raw", cpu_time(b, RAW));
    json_put_real(cpus, "raw_read", cpu_time(b, RAW_READ));
    json_put_real(cpus, "flow", cpu_time(b, FLOW));
    json_put(object, "cpu_us", cpus);
    json_put_int(object, "images", b->files.count * b->passes);
    json_put_int(object, "rounds", b->rounds);
    json_put_int(object, "workers", b->workers);
    json_print(object);
}

static void add_row(struct table *table, const struct bench *b, const char *name, enum contender which) {
    table_add(table, "%s", name);
    table_add(table, "%s", text_rate(rate(b, which)).s);
    table_add(table, "%.1f", cpu_time(b, which));
    table_add(table, "%.3f", ratio(b, which, RAW));
    table_add(table, "%.3f", ratio(b, which, RAW_READ));
}

static void report(const struct bench *b) {
    char *name = text_escape(b->directory), *shape = stream_shape(b->flow, &b->stream);
    char *augmentation = stream_augmentation(&b->stream);
    out_print("%s: %s as %s, %s; %s, %s of %s\n\n", name, text_counted(lade_flow_samples(b->flow), "image").s, shape,
              augmentation, text_counted(b->workers, "worker").s, text_counted(b->rounds, "round").s,
              text_counted(b->files.count * b->passes, "image").s);
    if (b->files.others)
        out_print("  %s without JPEG data: raw does not decode these files, so the ratios are not exact\n\n",
                  text_counted(b->files.others, "file").s);
    struct table table = {.columns = 5};
    static const char *const head[] = {"", "images/s", "CPU us/image", "ratio to raw", "to raw with reading"};
    for (int i = 0; i < table.columns; i++)
        table_add(&table, "%s", head[i]);
    add_row(&table, b, "raw: libjpeg-turbo, files in memory", RAW);
    add_row(&table, b, "raw with reading the files", RAW_READ);
    add_row(&table, b, "lade flow", FLOW);
    table_print(&table, 2);
    out_print("\n  microseconds for each image: read %.1f, decode and resize %.1f, transform %.1f\n",
              stage_us(b, b->counters.read), stage_us(b, b->counters.decode), stage_us(b, b->counters.transform));
    free(augmentation);
    free(shape);
    free(name);
}

static int bench(struct bench *b) {
    int code;
    b->flow = source_open(&(struct source){.path = b->directory}, &b->stream, &code);
    if (!b->flow)
        return code;
    struct lade_flow_counters counters;
    int64_t pulled;
    if (!jpeg_files_load(&b->files, b->flow, b->directory) || !pull(b, 1, &pulled))
        return EXIT_FAILED;
    lade_flow_counters(b->flow, &counters);
    b->workers = counters.workers;
    if (!measure_all(b))
        return interrupted() ? EXIT_INTERRUPTED : EXIT_FAILED;
    if (b->json)
        report_json(b);
    else
        report(b);
    return EXIT_OK;
}

int cmd_bench(int argc, char **argv) {
    struct bench *b = text_alloc(1, sizeof *b);
    b->rounds = 9;
    b->seconds = 0.5;
    b->files.directory = -1;
    const struct opt_spec spec = {
        .name = "bench",
        .description =
            "Compare the speed of a stream, which reads, decodes, resizes and augments images and puts them into "
            "batches, with the speed of libjpeg-turbo alone on the same files and cores.",
        .arguments =
            (const struct opt_argument[]){{"DIR", "directory of images, with one folder for each class", &b->directory},
                                          {0}},
        .groups =
            (const struct opt_group[]){
                {"Measurement", options, b}, STREAM_GROUPS(&b->stream), STREAM_GROUP("Subset", &b->stream), {0}},
        .examples = (const char *const[]){"the speed of a stream for training",
                                          "lade bench photos --target-size 224x224 --interpolation bilinear",
                                          "random crops: only a part of each image is decoded",
                                          "lade bench photos --target-size 224x224 --crop random", NULL}};
    int code;
    if (opt_parse(&spec, argc, argv, &code) && (code = stats_apply(&b->stream)) == EXIT_OK)
        code = bench(b);
    source_close(b->flow);
    jpeg_files_release(&b->files);
    free(b);
    return code;
}

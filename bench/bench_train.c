/*
 * Measures the speed of training. bench/train runs this program. A batch has 64 images and 10 classes.
 *
 *     bench_train compute THREADS SECONDS SPEC SIDE CHANNELS
 *         trains the net SPEC on one batch in memory, which has images of SIDE x SIDE pixels
 *     bench_train folder DIR THREADS SECONDS
 *         trains the preset "cnn 10" on JPEG files of 32 x 32 pixels, with random flips and shifts
 *
 *     bench_train dead THREADS
 *         trains a dense net with Adam. Then makes all units of its first layer 0, and trains the net again. Prints the
 *         processor time of a step before and after the change, in seconds
 *
 * The commands `compute` and `folder` print four numbers: images per second, images per second of processor time, the
 * fraction of the time in which training waited for the source, and the peak memory in bytes.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <lade/flow.h>
#include <lade/train.h>

#define BATCH 64

static _Noreturn void die(const struct lade_error *err) {
    fprintf(stderr, "bench_train: %s\n", err->message);
    exit(EXIT_FAILURE);
}

static void must(bool good, const struct lade_error *err) {
    if (!good)
        die(err);
}

/* The function `next` of a source that returns the same batch each time. */
static int lend(void *ctx, struct lade_batch **out, struct lade_error *err) {
    (void)err;
    *out = lade_batch_ref(ctx);
    return LADE_OK;
}

static struct lade_batch noise(int side, int channels) {
    struct lade_batch b = {.x = lade_tensor_new(LADE_FLOAT32, 4, (int64_t[]){BATCH, side, side, channels}),
                           .y = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){BATCH, 1}),
                           .n = BATCH,
                           .refs = 1};
    must(b.x && b.y, &(struct lade_error){.message = "no memory"});
    struct lade_random r;
    lade_random_init(&r, 1, 0, 0, LADE_RANDOM_USER);
    for (int64_t i = 0; i < lade_tensor_count(b.x); i++)
        ((float *)lade_tensor_data(b.x))[i] = (float)lade_random_double(&r);
    for (int64_t i = 0; i < BATCH; i++)
        ((float *)lade_tensor_data(b.y))[i] = (float)lade_random_below(&r, 10);
    return b;
}

static double processor_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Trains for @seconds or one epoch. The first WARM steps are not measured, because the first step creates the
   kernels. */
static void measure(const char *spec, struct lade_source source, int threads, double seconds) {
    enum { WARM = 5 };
    struct lade_error err = {0};
    lade_net *net = lade_net_new(spec, source.sample_ndim, source.sample_shape,
                                 &(struct lade_net_options){.threads = threads}, &err);
    must(net != NULL, &err);
    struct lade_fit_options fit = {.optimizer = {LADE_SGD, .lr = .05f, .momentum = .9f, .nesterov = true},
                                   .yield_every = 1};
    struct lade_metrics warm = {0}, last = {0};
    double before = 0;
    lade_for_each (m, lade_fit(net, source, &fit), &err) {
        if (m->step == WARM) {
            warm = *m;
            before = processor_seconds();
        }
        last = *m;
        if (m->epoch_end || (m->step > WARM && m->seconds - warm.seconds >= seconds))
            break;
    }
    must(err.code == LADE_OK, &err);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double spent = last.seconds - warm.seconds;
    double samples = (double)(last.samples - warm.samples);
    printf("%.1f %.1f %.3f %ld\n", samples / spent, samples / (processor_seconds() - before),
           (last.wait_seconds - warm.wait_seconds) / spent, usage.ru_maxrss * 1024L);
    lade_net_free(net);
}

/* Trains for @steps steps. Returns the processor time of a step in seconds. */
static double train_steps(lade_trainer *t, const struct lade_batch *b, int steps) {
    struct lade_error err = {0};
    double before = processor_seconds();
    for (int i = 0; i < steps; i++)
        must(lade_trainer_backward(t, b, &err) == LADE_OK && lade_trainer_complete(t, &err) == LADE_OK &&
                 lade_trainer_update(t, &err) == LADE_OK,
             &err);
    return (processor_seconds() - before) / steps;
}

/* Measures whether denormal numbers make a step slower. If a gradient stays 0, Adam's average of this gradient becomes
   a denormal number after about 830 steps. */
static void measure_dead_units(int threads) {
    enum { SIDE = 8, UNITS = 512 };
    struct lade_error err = {0};
    struct lade_batch b = noise(SIDE, 3);
    lade_net *net = lade_net_new("dense 512, relu, dense 10", 3, (int64_t[]){SIDE, SIDE, 3},
                                 &(struct lade_net_options){.threads = threads}, &err);
    must(net != NULL, &err);
    lade_trainer *t =
        lade_trainer_new(net, &(struct lade_trainer_options){.optimizer = {LADE_ADAM, .lr = .003f}}, &err);
    must(t != NULL, &err);
    train_steps(t, &b, 50);
    double before = train_steps(t, &b, 200);
    struct lade_tensor *bias = lade_tensor_new(LADE_FLOAT32, 1, (int64_t[]){UNITS});
    must(bias != NULL, &(struct lade_error){.message = "no memory"});
    for (int i = 0; i < UNITS; i++)
        ((float *)lade_tensor_data(bias))[i] = -1000;
    must(lade_net_set_parameter(net, "0.bias", bias, &err) == LADE_OK, &err);
    train_steps(t, &b, 1000);
    printf("%g %g\n", before, train_steps(t, &b, 200));
    lade_tensor_unref(bias);
    lade_tensor_unref(b.x);
    lade_tensor_unref(b.y);
    lade_trainer_free(t);
    lade_net_free(net);
}

int main(int argc, char **argv) {
    struct lade_error err = {0};
    if (argc == 7 && strcmp(argv[1], "compute") == 0) {
        int side = atoi(argv[5]), channels = atoi(argv[6]);
        struct lade_batch b = noise(side, channels);
        measure(argv[4],
                (struct lade_source){.next = lend,
                                     .ctx = &b,
                                     .steps = 1000000,
                                     .classes = 10,
                                     .sample_ndim = 3,
                                     .sample_shape = {side, side, channels}},
                atoi(argv[2]), atof(argv[3]));
        lade_tensor_unref(b.x);
        lade_tensor_unref(b.y);
        return EXIT_SUCCESS;
    }
    if (argc == 3 && strcmp(argv[1], "dead") == 0) {
        measure_dead_units(atoi(argv[2]));
        return EXIT_SUCCESS;
    }
    if (argc != 5 || strcmp(argv[1], "folder") != 0) {
        fprintf(stderr, "usage: bench_train compute THREADS SECONDS SPEC SIDE CHANNELS | "
                        "bench_train folder DIR THREADS SECONDS | bench_train dead THREADS\n");
        return 2;
    }
    struct lade_flow_options options = {.target_size = {32, 32},
                                        .batch_size = BATCH,
                                        .rescale = 1.f / 255,
                                        .horizontal_flip = true,
                                        .width_shift_range = 0.125,
                                        .height_shift_range = 0.125};
    lade_flow *flow = lade_flow_from_directory(argv[2], &options, &err);
    must(flow != NULL, &err);
    measure("cnn 10", lade_flow_source(flow), atoi(argv[3]), atof(argv[4]));
    lade_flow_free(flow);
    return EXIT_SUCCESS;
}

/*
 * lade train - train a net from the stream. The run is a loop over the metrics that lade_fit() yields: the progress
 * line, the table, the curves and the reaction to Ctrl-C are its body.
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lade/flow.h>
#include <lade/train.h>

#include "command/command.h"
#include "command/train/train.h"
#include "evaluation/net.h"
#include "option/opt.h"
#include "option/stream.h"
#include "report/draw.h"
#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/output_file.h"
#include "terminal/progress.h"
#include "terminal/terminal.h"
#include "terminal/text.h"

static const struct opt_word losses[] = {{"auto", LADE_LOSS_AUTO},
                                         {"softmax-cross-entropy", LADE_SOFTMAX_CROSS_ENTROPY},
                                         {"binary-cross-entropy", LADE_BINARY_CROSS_ENTROPY},
                                         {"mean-squared-error", LADE_MEAN_SQUARED_ERROR},
                                         {0}};

static const struct opt options[] = {
    {"net", OPT_TEXT, OPT_AT(struct train, net_text), .value = "SPEC",
     .help = "mlp or cnn; or layers such as \"conv 32 3, relu, maxpool 2, dense 10\"; or a .safetensors file to begin "
             "with",
     .preset = "mlp"},
    {"loss", OPT_CHOICE, OPT_AT(struct train, loss), .value = "NAME", .words = losses, .help = "what is minimised",
     .preset = "auto: softmax-cross-entropy, but for one output"},
    {"epochs", OPT_INT, OPT_AT(struct train, epochs), .value = "N", .low = 1, .high = 1e6,
     .help = "how often to go through the images", .preset = "10"},
    {"steps", OPT_INT, OPT_AT(struct train, steps), .value = "N", .low = 1, .high = 1e15, .help = "batches in an epoch",
     .preset = "all"},
    {"patience", OPT_INT, OPT_AT(struct train, patience), .value = "N", .low = 1, .high = 1e6,
     .help = "stop after so many epochs without a lower loss, of the held-out images where there are some"},
    {"validation-split", OPT_REAL, OPT_AT(struct train, validation_split), .value = "F", .low = 0, .high = 0.999999,
     .help = "share of each class that is held out to test on", .preset = "0.2"},
    {"validation", OPT_TEXT, OPT_AT(struct train, validation), .value = "SOURCE",
     .help = "test on this one instead and train on all of the first"},
    {"validation-labels", OPT_TEXT, OPT_AT(struct train, validation_labels), .value = "FILE",
     .help = "where that is an array: a .npy file of its class indices"},
    {"out", OPT_TEXT, OPT_AT(struct train, out), .value = "FILE", .letter = 'o',
     .help = "save the net after each epoch, as safetensors"},
    {"checkpoint-every", OPT_INT, OPT_AT(struct train, checkpoint_every), .value = "N", .low = 1, .high = 1e15,
     .help = "and after every so many batches"},
    {"resume", OPT_FLAG, OPT_AT(struct train, resume),
     .help = "go on with the run that --out holds, if it is there: the result is that of a run never left"},
    {"allow-different", OPT_FLAG, OPT_AT(struct train, allow_different),
     .help = "also on another processor, oneDNN or number of threads, which changes the last digits"},
    {"plot", OPT_TEXT, OPT_AT(struct train, plot), .value = "FILE",
     .help = "draw loss and accuracy by epoch: a name that ends in .png or .svg"},
    {"confusion", OPT_TEXT, OPT_AT(struct train, confusion), .value = "FILE",
     .help = "draw what the trained net takes for what, of the held-out images: .png or .svg"},
    {"mistakes", OPT_TEXT, OPT_AT(struct train, mistakes), .value = "FILE",
     .help = "draw a contact sheet of its worst mistakes, the surest first: .png or .svg"},
    {"threads", OPT_INT, OPT_AT(struct train, threads), .value = "N", .low = 0, .high = 1024,
     .help = "threads that compute; 0: one per core", .preset = "0"},
    {"json", OPT_FLAG, OPT_AT(struct train, json), .help = "print one JSON object instead of a table"},
    {0}};

/* The stream to test on: the same samples in the same form, but none of the randomness. */
static bool open_held_out(struct train *t, int *code) {
    t->validation_stream = stream_unaugmented(t->stream);
    t->validation_stream.order = LADE_ORDER_SORTED;
    if (t->validation_stream.on_error == LADE_ERROR_REPLACE)
        t->validation_stream.on_error = LADE_ERROR_SKIP; /* a test counts each image once */
    t->validation_stream.subset = t->validation ? LADE_SUBSET_ALL : LADE_SUBSET_VALIDATION;
    t->validation_stream.validation_split = t->validation ? 0 : t->validation_split;
    t->validation_stream.classes = lade_flow_class_names(t->flow); /* so that an index means the same class there */
    t->validation_source = t->source;
    if (t->validation) {
        t->validation_source.path = t->validation;
        t->validation_source.labels = t->validation_labels;
        t->validation_source.weights = NULL;
    }
    t->validation_flow = source_open(&t->validation_source, &t->validation_stream, code);
    return t->validation_flow != NULL;
}

static bool open_streams(struct train *t, int *code) {
    stream_rescale_for_net(&t->stream);
    bool split = !t->validation && t->validation_split > 0;
    t->stream.subset = split ? LADE_SUBSET_TRAINING : LADE_SUBSET_ALL;
    t->stream.validation_split = split ? t->validation_split : 0;
    t->flow = source_open(&t->source, &t->stream, code);
    if (t->flow && lade_flow_classes(t->flow) < 2) {
        *code = out_usage("%s has one class; there must be two for a net to tell apart", t->source.path);
        return false;
    }
    return t->flow && ((!split && !t->validation) || open_held_out(t, code));
}

static bool ends_with(const char *s, const char *end) {
    size_t length = strlen(s), part = strlen(end);
    return length >= part && strcmp(s + length - part, end) == 0;
}

static lade_net *new_net(const struct train *t, const char *spec, const char *const *names, struct lade_error *err) {
    struct lade_source source = lade_flow_source(t->flow);
    struct lade_net_options net = {.seed = t->stream.seed,
                                   .loss = t->loss,
                                   .threads = t->threads,
                                   .channels_first = t->stream.data_format == LADE_CHANNELS_FIRST,
                                   .class_names = names};
    return lade_net_new(spec, source.sample_ndim, source.sample_shape, &net, err);
}

/*
 * A net keeps the names of its classes; a file can hold only UTF-8, so they are written as text_escape() does. There
 * must be as many as outputs, which only the net itself knows: it is made without names first, which costs little.
 */
static lade_net *new_named_net(const struct train *t, const char *spec, struct lade_error *err) {
    int classes = lade_flow_classes(t->flow), outputs = t->stream.class_mode == LADE_CLASS_BINARY ? 1 : classes;
    lade_net *net = new_net(t, spec, NULL, err);
    if (net && lade_net_info(net)->outputs != outputs)
        lade_error_set(err, LADE_EINVAL,
                       "the net ends in %" PRId64 " outputs, but there are %d classes; let its last layer be dense %d",
                       lade_net_info(net)->outputs, classes, outputs);
    lade_net_free(net);
    if (err->code)
        return NULL;
    const char *const *names = lade_flow_class_names(t->flow);
    char **written = text_alloc((size_t)classes, sizeof *written);
    for (int i = 0; i < classes; i++)
        written[i] = text_escape(names[i]);
    net = new_net(t, spec, (const char *const *)written, err);
    for (int i = 0; i < classes; i++)
        free(written[i]);
    free(written);
    return net;
}

/* A net that was saved goes on with its own loss, and its classes must be those of the images, in the same order. */
static lade_net *load_net(const struct train *t, struct lade_error *err) {
    lade_net *net = lade_net_load(t->net_text, t->threads, err);
    const char *const *there = lade_flow_class_names(t->flow);
    char **names = net ? net_class_names(net) : NULL;
    int count = names ? net_class_count(net) : 0;
    if (net && t->loss != LADE_LOSS_AUTO && t->loss != lade_net_info(net)->loss)
        lade_error_set(err, LADE_EINVAL, "%s was made for another loss; leave --loss out", t->net_text);
    for (int i = 0; i < count && i < lade_flow_classes(t->flow) && !err->code; i++)
        if (strcmp(names[i], there[i]) != 0)
            lade_error_set(err, LADE_EINVAL,
                           "class %d of %s is \"%.100s\", that of the images is \"%.100s\"; put them in its order by "
                           "--classes, or begin with a new net",
                           i, t->net_text, names[i], there[i]);
    net_names_free(names);
    if (!err->code)
        return net;
    lade_net_free(net);
    return NULL;
}

/* A specification has no such end, and, but for the presets, is no file that is there. */
static bool names_a_file(const char *net) {
    bool preset = strcmp(net, "mlp") == 0 || strcmp(net, "cnn") == 0;
    return ends_with(net, ".safetensors") || (!preset && access(net, F_OK) == 0);
}

static bool make_net(struct train *t, int *code) {
    struct lade_error err = {0};
    if (names_a_file(t->net_text)) {
        t->net = load_net(t, &err);
    } else {
        int64_t outputs = t->stream.class_mode == LADE_CLASS_BINARY ? 1 : lade_flow_classes(t->flow);
        bool preset = strcmp(t->net_text, "mlp") == 0 || strcmp(t->net_text, "cnn") == 0;
        char *spec = preset ? text_printf("%s %" PRId64, t->net_text, outputs) : text_printf("%s", t->net_text);
        t->net = new_named_net(t, spec, &err);
        free(spec);
    }
    if (t->net)
        return true;
    static const char subject[] = "net: "; /* which the option's own name replaces */
    size_t skip = strncmp(err.message, subject, sizeof subject - 1) == 0 ? sizeof subject - 1 : 0;
    *code = err.code == LADE_EINVAL ? out_usage("--net: %s", err.message + skip) : EXIT_FAILED;
    if (*code == EXIT_FAILED)
        out_error("%s", err.message);
    return false;
}

/* ---- The run ----------------------------------------------------------------------------------------------------- */

/* Early stopping: is it --patience epochs ago that the loss was lowest? */
static bool out_of_patience(const struct train *t) {
    int best = 0;
    for (int i = 1; i < t->done; i++) {
        const struct lade_metrics *m = &t->history[i], *b = &t->history[best];
        if (t->validation_flow ? m->val_loss < b->val_loss : m->loss < b->loss)
            best = i;
    }
    return t->patience > 0 && t->done - 1 - best >= t->patience;
}

/* The end of an epoch; false: there shall be no other. */
static bool finish_epoch(struct train *t, const struct lade_metrics *m) {
    t->history[t->done++] = *m;
    t->validated = 0;
    t->over = m->epoch + 1 == t->epochs || out_of_patience(t);
    if (!t->json)
        train_print_epoch(t, &t->history[t->done - 1]);
    return out_flush() && !(t->over && m->epoch + 1 < t->epochs);
}

/* A batch of the test; false: it is not waited for. */
static bool on_validation_batch(void *train, const struct lade_batch *b) {
    struct train *t = train;
    t->validated += b->n;
    train_show_validation(t);
    return !interrupted();
}

static struct lade_fit_options fit_options(struct train *t) {
    struct lade_fit_options fit = {.epochs = (int)t->epochs,
                                   .steps_per_epoch = t->steps,
                                   .yield_every = 1,
                                   .checkpoint = t->out,
                                   .checkpoint_every = t->checkpoint_every,
                                   .allow_different = t->allow_different};
    training_options_apply(&t->training, &fit);
    if (t->validation_flow) {
        t->observed = (struct observed_source){lade_flow_source(t->validation_flow), on_validation_batch, t};
        fit.validation = observed_source_open(&t->observed);
    }
    if (t->resume && access(t->out, F_OK) == 0)
        fit.resume = t->out;
    fit.replay = true; /* the table, the curves and the patience are those of the whole run */
    return fit;
}

/* All epochs; returns how the run ends. */
static int fit(struct train *t) {
    struct lade_fit_options fit = fit_options(t);
    struct lade_error err = {0};
    double start = terminal_now();
    bool too_long = false;
    train_start(t);
    lade_for_each (m, lade_fit(t->net, lade_flow_source(t->flow), &fit), &err) {
        if (m->epoch_end && t->done == t->epochs) {
            too_long = true;
            break;
        }
        if (m->epoch_end && !finish_epoch(t, m))
            break;
        train_show_step(t, m);
        if (interrupted())
            break;
    }
    t->seconds = terminal_now() - start;
    t->peak_rss = stream_peak_rss();
    progress_end();
    if (interrupted()) {
        if (t->out && access(t->out, F_OK) == 0)
            out_error("the run is in %s; --resume goes on with it", t->out);
        return EXIT_INTERRUPTED;
    }
    if (err.code == LADE_EINVAL) /* options, net and images that do not fit each other */
        return out_usage("%s", err.message);
    if (err.code)
        stream_print_error(&err, t->source.path, &t->stream);
    if (err.code == LADE_EMISMATCH && strstr(err.message, "allow_different"))
        out_error("to go on all the same: --allow-different");
    if (too_long)
        return out_usage("--epochs %" PRId64 ": the run that %s holds has gone on for longer already", t->epochs,
                         t->out);
    return err.code || !t->over ? EXIT_FAILED : EXIT_OK;
}

static int train(struct train *t) {
    int code = EXIT_FAILED;
    if (!open_streams(t, &code) || !make_net(t, &code))
        return code;
    code = training_options_set_class_weights(&t->training, t->flow);
    if (code != EXIT_OK)
        return code;
    t->history = text_alloc((size_t)t->epochs, sizeof *t->history);
    if (!t->json)
        train_print_head(t);
    code = fit(t);
    if (!t->json) {
        stream_print_bad(t->flow);
        if (t->validation_flow)
            stream_print_bad(t->validation_flow);
    }
    if (t->plot && t->done > 0 && !train_plot(t) && code == EXIT_OK)
        code = EXIT_FAILED;
    if (code == EXIT_OK)
        code = train_evaluate(t);
    if (code != EXIT_OK)
        return code;
    if (t->json)
        train_report_json(t);
    else
        train_report(t);
    return EXIT_OK;
}

/* What can be told to be wrong before anything is read. */
static int check(struct train *t) {
    enum lade_class_mode mode = t->stream.class_mode;
    if (mode == LADE_CLASS_NONE || mode == LADE_CLASS_INPUT || mode == LADE_CLASS_RAW)
        return out_usage("--class-mode %s: a net learns classes here; give categorical, binary or sparse",
                         lade_class_mode_name(mode));
    if (t->source.label_separator)
        return out_usage("--label-separator: a net learns one class of each image here");
    if (t->loss == LADE_BINARY_CROSS_ENTROPY && mode != LADE_CLASS_BINARY)
        return out_usage("--loss binary-cross-entropy is for --class-mode binary; classes that exclude each other take "
                         "softmax-cross-entropy");
    if (t->loss == LADE_MEAN_SQUARED_ERROR && mode == LADE_CLASS_BINARY)
        return out_usage("--loss mean-squared-error needs an output for each class: --class-mode categorical");
    if (t->validation && opt_given(&t->validation_split))
        return out_usage("--validation and --validation-split exclude each other");
    if (t->validation_labels && !t->validation)
        return out_usage("--validation-labels needs --validation SOURCE");
    if ((t->resume || t->checkpoint_every) && !t->out)
        return out_usage("--%s needs --out FILE", t->resume ? "resume" : "checkpoint-every");
    int good = training_options_check(&t->training);
    if (good != EXIT_OK)
        return good;
    if ((t->confusion || t->mistakes) && !t->validation && t->validation_split == 0)
        return out_usage("--%s needs images to test on: give --validation DIR, or a --validation-split above 0",
                         t->confusion ? "confusion" : "mistakes");
    const char *names[] = {"--plot", "--confusion", "--mistakes"}, *paths[] = {t->plot, t->confusion, t->mistakes};
    for (int i = 0; i < 3; i++) {
        int code = paths[i] ? page_check(names[i], paths[i]) : EXIT_OK;
        if (code != EXIT_OK)
            return code;
    }
    return t->out && !output_file_check("--out", t->out) ? EXIT_FAILED : EXIT_OK;
}

int cmd_train(int argc, char **argv) {
    struct train t = {.net_text = "mlp", .epochs = 10, .validation_split = 0.2f};
    const struct opt_spec spec = {
        .name = "train",
        .description =
            "Train a net on images of known classes, from a stream of batches, and test it on images that were "
            "held out.",
        .arguments = (const struct opt_argument[]){SOURCE_ARGUMENT(&t.source), {0}},
        .groups = (const struct opt_group[]){{"Training", options, &t},
                                             {"Gradient training", training_option_table, &t.training},
                                             {"Lists and arrays", source_options, &t.source},
                                             STREAM_GROUPS(&t.stream),
                                             {0}},
        .examples = (const char *const[]){
            "a net of two layers, its curves and its weights",
            "lade train shapes --target-size 32x32 --plot curve.png --out net.safetensors",
            "with another directory to test on", "lade train cifar/train --validation cifar/test --target-size 32x32",
            "a convolutional net, which goes on where it was if it is interrupted",
            "lade train cifar/train --net cnn --target-size 32 -o run.safetensors --resume", NULL}};
    int code;
    if (!opt_parse(&spec, argc, argv, &code))
        return code;
    code = check(&t);
    if (code == EXIT_OK)
        code = train(&t);
    lade_net_free(t.net);
    lade_flow_free(t.validation_flow);
    lade_flow_free(t.flow);
    training_options_release(&t.training);
    free(t.history);
    return code;
}

/*
 * lade train - trains a net. This file defines and checks the options, and calls the parts of the command in order.
 */
#include <stdlib.h>

#include <lade/flow.h>
#include <lade/train.h>

#include "command/command.h"
#include "command/train/defaults.h"
#include "command/train/train.h"
#include "evaluation/net.h"
#include "option/opt.h"
#include "option/stream.h"
#include "report/page.h"
#include "report/stream_report.h"
#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/text.h"

static const struct lade_word keeps[] = {
    {"best", KEEP_BEST, ""}, {"last", KEEP_LAST, ""}, {"both", KEEP_BOTH, ""}, {0}};

static const struct opt options[] = {
    {"net", OPT_TEXT, OPT_AT(struct train, net_text), .value = "SPEC",
     .help = "resnet, cnn or mlp; or a list of layers, for example \"conv 32 3, relu, maxpool 2, dense 10\"; or a "
             "saved net "
             "(.safetensors) that is trained further",
     .preset = "resnet"},
    {"epochs", OPT_INT, OPT_AT(struct train, epochs), .value = "N", .low = 1, .high = 1e6,
     .help = "number of passes over the images", .preset = "10"},
    {"steps-per-epoch", OPT_INT, OPT_AT(struct train, steps), .value = "N", .low = 1, .high = 1e15,
     .help = "batches in each epoch", .preset = "all"},
    {"patience", OPT_INT, OPT_AT(struct train, patience), .value = "N", .low = 1, .high = 1e6,
     .help = "stop if the validation loss (without validation, the training loss) has not improved for N epochs"},
    {"validation-split", OPT_REAL, OPT_AT(struct train, validation_split), .value = "F", .low = 0, .high = 1,
     .below = true, .help = "fraction of each class that is for validation",
     .preset = "0.2; resnet: 0.1 from 10,000 images; small classes: one image"},
    {"no-augmentation", OPT_FLAG, OPT_AT(struct train, no_augmentation),
     .help = "do not change images at random; without this option and options of augmentation, resnet changes them"},
    {"validation", OPT_TEXT, OPT_AT(struct train, validation), .value = "SOURCE",
     .help = "use SOURCE for validation, and train on all images of the main source"},
    {"validation-labels", OPT_TEXT, OPT_AT(struct train, validation_labels), .value = "FILE",
     .help = ".npy file with the class indices or numbers, if --validation is an array"},
    {"out", OPT_TEXT, OPT_AT(struct train, out), .value = "FILE", .letter = 'o',
     .help = "save the net after each epoch, as safetensors"},
    {"keep", OPT_CHOICE, OPT_AT(struct train, keep), .value = "NET", .words = keeps,
     .help =
         "net that --out contains. best: the net with the highest validation accuracy (for several labels or numbers, "
         "with the lowest validation loss; without validation, the last net). last: the net of the last epoch. "
         "both: like best, and the last net is saved in NAME.last.safetensors",
     .preset = "best"},
    {"force", OPT_FLAG, OPT_AT(struct train, force), .help = "let --out replace an existing file"},
    {"checkpoint-every", OPT_INT, OPT_AT(struct train, checkpoint_every), .value = "N", .low = 1, .high = 1e15,
     .help = "also save the net after every N batches"},
    {"resume", OPT_FLAG, OPT_AT(struct train, resume),
     .help = "continue the run saved in --out, if that file exists; the result is the same as without interruption"},
    {"allow-different", OPT_FLAG, OPT_AT(struct train, allow_different),
     .help =
         "allow --resume on another CPU, oneDNN version or number of threads; results then differ in the last digits"},
    {"keep-schedule", OPT_FLAG, OPT_AT(struct train, keep_schedule),
     .help = "with --resume and another number of --epochs: the cosine schedule ends at the epoch of the saved run"},
    {"log", OPT_TEXT, OPT_AT(struct train, log_path), .value = "FILE",
     .help = "write the metrics of each epoch to FILE, as CSV"},
    {"plot", OPT_TEXT, OPT_AT(struct train, plot), .value = "FILE",
     .help = "draw loss and accuracy of each epoch; FILE ends in .png or .svg"},
    {"confusion", OPT_TEXT, OPT_AT(struct train, confusion), .value = "FILE",
     .help = "draw the confusion matrix; FILE ends in .png or .svg"},
    {"mistakes", OPT_TEXT, OPT_AT(struct train, mistakes), .value = "FILE",
     .help =
         "draw the misclassified images with the highest confidence (for several labels or numbers, the images with "
         "the highest loss); FILE ends in .png or .svg"},
    {"dry-run", OPT_FLAG, OPT_AT(struct train, dry_run),
     .help = "print the layers of the net, train for some steps to estimate memory and time, and save nothing"},
    {"find-lr", OPT_TEXT, OPT_AT(struct train, find_lr), .value = "FILE",
     .help =
         "instead of a training, try rising learning rates, draw the loss of each rate, and print a good rate; FILE "
         "ends in .png or .svg"},
    {"threads", OPT_INT, OPT_AT(struct train, threads), .value = "N", .low = 0, .high = 1024,
     .help = "number of threads that compute; 0 means one for each core", .preset = "0"},
    {"json", OPT_FLAG, OPT_AT(struct train, json),
     .help = "print a JSON object after each epoch, on a line of its own; the last line is a summary"},
    {0}};

static int train(struct train *t) {
    int code = EXIT_FAILED;
    if (!train_load_net(t, &code) || !train_open_streams(t, &code))
        return code;
    code = training_options_set_class_weights(&t->training, t->flow);
    if (code != EXIT_OK || !train_make_net(t, &code))
        return code;
    if (!t->json)
        train_print_settings(t);
    if (t->dry_run)
        return train_dry_run(t);
    if (t->find_lr)
        return train_find_lr(t);
    t->history = text_alloc((size_t)t->epochs, sizeof *t->history);
    t->scores = text_alloc((size_t)t->epochs, sizeof *t->scores);
    if (!t->json)
        train_print_head(t);
    code = train_run(t);
    if (!t->json) {
        stream_print_invalid(t->flow);
        if (t->validation_flow)
            stream_print_invalid(t->validation_flow);
    }
    if (t->plot && t->done > 0 && !train_plot(t) && code == EXIT_OK)
        code = EXIT_FAILED;
    interrupt_protect(false);
    if (code == EXIT_OK)
        code = train_evaluate(t);
    if (code != EXIT_OK)
        return code;
    if (t->json)
        train_report_json(t);
    else
        train_report(t);
    train_warn(t);
    return EXIT_OK;
}

/* Checks the options that can be checked before any file is read. */
static int check(struct train *t) {
    int good = train_choose_task(t);
    if (good != EXIT_OK)
        return good;
    if (t->validation && opt_given(&t->validation_split))
        return out_usage("--validation and --validation-split exclude each other");
    if (t->validation_labels && !t->validation)
        return out_usage("--validation-labels needs --validation SOURCE");
    if ((t->resume || t->checkpoint_every || t->force) && !t->out)
        return out_usage("--%s needs --out FILE", t->resume ? "resume" : t->force ? "force" : "checkpoint-every");
    if (t->keep == KEEP_BOTH && !t->out)
        return out_usage("--keep both needs --out FILE");
    if (t->dry_run && t->find_lr)
        return out_usage("--dry-run and --find-lr exclude each other");
    if (t->json && (t->dry_run || t->find_lr))
        return out_usage("--json is for a training, but --%s does not train", t->dry_run ? "dry-run" : "find-lr");
    if (!train_choose_parts(t, &good))
        return good;
    train_set_defaults(t);
    good = training_options_check(&t->training);
    if (good == EXIT_OK)
        good = stats_apply(&t->stream);
    if (good != EXIT_OK)
        return good;
    if ((t->confusion || t->mistakes) && !t->validation && t->validation_split == 0)
        return out_usage("--%s needs validation images: give --validation SOURCE, or a --validation-split above 0",
                         t->confusion ? "confusion" : "mistakes");
    const char *names[] = {"--plot", "--confusion", "--mistakes", "--find-lr"};
    const char *paths[] = {t->plot, t->confusion, t->mistakes, t->find_lr};
    for (int i = 0; i < 4; i++) {
        int code = paths[i] ? page_check(names[i], paths[i]) : EXIT_OK;
        if (code != EXIT_OK)
            return code;
    }
    return train_files_check(t);
}

int cmd_train(int argc, char **argv) {
    struct train t = {.net_text = "resnet", .epochs = 10, .validation_split = 0.2f};
    const struct opt_spec spec = {
        .name = "train",
        .description =
            "Train a net that predicts the class, several labels or numbers of an image. Some images are not used for "
            "training. After "
            "each epoch, the net is validated on these images. The target size is chosen from the images. "
            "The net resnet has its own defaults: AdamW with a cosine schedule, mirrored and shifted images, "
            "bilinear interpolation, a seeded split, and a batch size that fits the images.",
        .arguments = (const struct opt_argument[]){SOURCE_ARGUMENT(&t.source), {0}},
        .groups = (const struct opt_group[]){{"Training", options, &t},
                                             {"Loss and optimizer", training_option_table(), &t.training},
                                             {"Lists and arrays", source_options, &t.source},
                                             STREAM_GROUPS(&t.stream),
                                             {0}},
        .examples = (const char *const[]){
            "train a residual net, draw its curves and save it",
            "lade train shapes --plot curve.png --out net.safetensors", "validate on the images of another directory",
            "lade train cifar/train --validation cifar/test", "print the net, and estimate memory and time",
            "lade train photos --dry-run", "train a convolutional net, and continue after an interruption",
            "lade train cifar/train --net cnn -o run.safetensors --resume", "predict several labels of an image",
            "lade train list.csv --y-col tags --label-separator '|'", "predict a number",
            "lade train list.csv --class-mode raw --y-col age", NULL}};
    int code;
    if (!opt_parse(&spec, argc, argv, &code))
        return code;
    code = check(&t);
    if (code == EXIT_OK)
        code = train(&t);
    net_close(t.net);
    source_close(t.validation_flow);
    source_close(t.flow);
    train_files_close(&t);
    free(t.part_paths[0]);
    free(t.part_paths[1]);
    training_options_release(&t.training);
    free(t.history);
    free(t.scores);
    return code;
}

/*
 * train.h - declares the state of a training run, with its options, its streams, its net, and the metrics of its
 * epochs.
 */
#ifndef LADE_CLI_COMMAND_TRAIN_TRAIN_H
#define LADE_CLI_COMMAND_TRAIN_TRAIN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <lade/flow.h>
#include <lade/train.h>

#include "command/train/image_sizes.h"
#include "command/train/observed_source.h"
#include "evaluation/net.h"
#include "option/source.h"
#include "option/training.h"

/* The net that --out contains after the run. */
enum keep { KEEP_BEST, KEEP_LAST, KEEP_BOTH };

/* Metrics of the validation images after an epoch, which lade_fit() does not compute. A metric is NaN if the task does
   not have this metric, or if an earlier process trained the epoch. */
struct epoch_scores {
    double mean_average_precision; /* several labels */
    double mae, r2;                /* numbers */
};

struct train {
    struct source source, validation_source;
    const char *validation, *validation_labels, *net_text, *out, *log_path, *plot, *confusion, *mistakes, *find_lr;
    enum keep keep;
    int64_t epochs, steps, patience, checkpoint_every;
    int threads;
    float validation_split;
    struct training_options training;
    bool json, resume, force, allow_different, keep_schedule, no_augmentation, dry_run;
    struct lade_flow_options stream, validation_stream; /* options of the two streams */

    enum net_task task;       /* the kind of labels */
    bool is_resnet;           /* the net is "resnet", which has its own defaults */
    struct image_sizes sizes; /* sizes of the images, from which the target size was chosen */

    lade_flow *flow, *validation_flow; /* validation_flow is NULL without validation */
    lade_net *net;
    struct observed_source observed; /* wraps the validation stream to show the progress */
    struct lade_metrics *history;    /* array of `done` items: the metrics of each finished epoch */
    struct epoch_scores *scores;     /* array of `done` items; only if the task is not TASK_CLASS */
    int done;
    char *part_paths[2]; /* paths of the parts for training and validation, if the source has parts; or NULL */
    char *last_path;     /* path of the net of the last epoch, with --keep both; or NULL */
    FILE *log;           /* the file of --log; or NULL */
    int64_t validated;   /* number of validation images of the current epoch so far */
    bool over;           /* all epochs are finished, or the run stopped early */
    double seconds;
    int64_t peak_rss; /* largest memory use of the training, without the plots */
};

/*
 * train_choose_parts() - if the source consists of parts (train, val), chooses the parts
 * train_load_net()     - loads the net if --net is a file, and prepares the stream as in the training of the net
 * train_open_streams() - opens the streams
 * train_make_net()     - creates the net, or checks the loaded net
 *
 * On error, these functions print a message, store the exit code in *@code and return false.
 */
bool train_choose_parts(struct train *t, int *code);
bool train_load_net(struct train *t, int *code);
bool train_open_streams(struct train *t, int *code);
bool train_make_net(struct train *t, int *code);

/* Return true if @net, the value of --net, is the name of a preset, or the path of a saved net. */
bool train_net_is_preset(const char *net);
bool train_net_is_file(const char *net);

/*
 * train_choose_task()  - finds the task from the class mode, and chooses the loss for the task. Returns an exit code, and
 *                        prints a message on error
 * train_label_names()  - returns the names of the outputs: the classes, or the columns of a list. Returns NULL if the
 *                        outputs have no names
 * train_score_epoch()  - computes the metrics of the validation images of epoch @m, and stores them in t->scores. On
 *                        error, prints a message and returns false. Does nothing if the task is TASK_CLASS
 * train_score_names()  - returns the names of the metrics in struct epoch_scores that the task has, for JSON and --log.
 *                        The array ends with NULL
 * train_score()        - returns the metric number @i of train_score_names() for the finished epoch number @epoch
 */
int train_choose_task(struct train *t);
const char *const *train_label_names(const struct train *t);
bool train_score_epoch(struct train *t, const struct lade_metrics *m);
const char *const *train_score_names(const struct train *t);
double train_score(const struct train *t, int epoch, int i);

/*
 * train_files_check() - checks that the files of --out, --keep and --log can be written, and that --out does not replace
 *                       the net of another run. Returns an exit code, and prints a message on error.
 * train_files_epoch() - writes the log and the net of the last epoch, at the end of an epoch. On error, prints a message
 *                       and returns false.
 * train_files_close() - closes the log.
 */
int train_files_check(struct train *t);
bool train_files_epoch(struct train *t, const struct lade_metrics *m);
void train_files_close(struct train *t);

/* Returns the metrics of the epoch whose net is in the file of --out. */
const struct lade_metrics *train_kept_epoch(const struct train *t);

/* Returns the loss of a net that always predicts the frequencies of the classes. Returns NaN if the loss of the net has
   no such value. */
double train_chance_loss(const struct train *t);

/*
 * train_run()     - trains all epochs
 * train_dry_run() - prints the layers of the net. Trains for some steps, and prints an estimate of memory and time
 * train_find_lr() - trains with a rising learning rate, draws the loss to t->find_lr, and prints a good learning rate
 *
 * Return an exit code. train_dry_run() and train_find_lr() change the weights, so the net must not be used afterwards.
 */
int train_run(struct train *t);
int train_dry_run(struct train *t);
int train_find_lr(struct train *t);

/*
 * These functions print the output during the run.
 *
 * train_print_settings()  - prints a description of the images, the net and the options
 * train_print_head()      - prints the head of the table
 * train_print_epoch()     - prints the row of an epoch
 * train_json_epoch()      - prints the JSON object of an epoch
 * train_start()           - starts the progress line
 * train_show_step()       - updates the progress line during training
 * train_show_validation() - updates the progress line during validation
 */
void train_print_settings(const struct train *t);
void train_print_head(const struct train *t);
void train_print_epoch(const struct train *t, const struct lade_metrics *m);
void train_json_epoch(const struct train *t, const struct lade_metrics *m);
void train_start(const struct train *t);
void train_show_step(const struct train *t, const struct lade_metrics *m);
void train_show_validation(const struct train *t);

/*
 * Print the output after the run. The run must have at least one finished epoch.
 *
 * train_report()      - prints a summary
 * train_warn()        - prints a warning if the net has not learned anything
 * train_report_json() - prints the JSON object
 * train_plot()        - draws the curves. On error, prints a message and returns false
 * train_evaluate()    - draws the plots of --confusion and --mistakes. Returns an exit code
 */
void train_report(const struct train *t);
void train_warn(const struct train *t);
void train_report_json(const struct train *t);
bool train_plot(const struct train *t);
int train_evaluate(const struct train *t);

#endif

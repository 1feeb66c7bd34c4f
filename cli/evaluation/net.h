/*
 * net.h - loads saved nets for eval, predict and train, and reads their options, classes and predictions.
 */
#ifndef LADE_CLI_EVALUATION_NET_H
#define LADE_CLI_EVALUATION_NET_H

#include <lade/flow.h>
#include <lade/train.h>

/*
 * The kind of labels that a net predicts. net_task() returns TASK_LABELS for a net with several outputs and the binary
 * cross-entropy, and TASK_NUMBERS for a net with the mean squared error and without names of classes.
 */
enum net_task {
    TASK_CLASS,  /* one class for each image */
    TASK_LABELS, /* any number of classes for each image */
    TASK_NUMBERS /* numbers for each image */
};
enum net_task net_task(const lade_net *net);

/*
 * net_load()  - loads a net. On error, prints a message and returns NULL; the exit code is EXIT_FAILED.
 * net_watch() - makes a signal cancel @net. net_load() also calls this function. Returns @net, which may be NULL.
 * net_close() - frees a net that is watched. NULL is allowed.
 */
lade_net *net_load(const char *path, int threads);
lade_net *net_watch(lade_net *net);
void net_close(lade_net *net);

/*
 * net_configure_stream() - sets the options of @stream, so that images are prepared as in the training of the net, and
 * are not shuffled. Options of the command line are kept. @path is the path of the net, for messages.
 *
 * Returns EXIT_OK. On error, prints a message and returns EXIT_USAGE or EXIT_FAILED. EXIT_USAGE means that an option of
 * the command line sets a size, color mode or order of axes that the net does not accept. EXIT_FAILED means that the
 * file of the net is damaged.
 */
int net_configure_stream(const lade_net *net, const char *path, struct lade_flow_options *stream);

/* Returns the number of classes, which is 2 for a net with one output. */
int net_class_count(const lade_net *net);

/*
 * net_class_names() - returns the names of the classes after text_unescape(), followed by NULL. Returns NULL if the net
 * has no names. The caller must free the names with net_names_free(), which accepts NULL.
 */
char **net_class_names(const lade_net *net);
void net_names_free(char **names);

/*
 * These functions read predictions. @p has the @outputs values of lade_net_predict() for one image.
 *
 * net_predicted_class() - returns the class with the highest value
 * net_probability()     - returns the probability of class @class_index. If the net was trained with the mean squared
 *                         error, the value is an output of the net and not a probability
 * net_log_loss()        - returns -log(@p). Probabilities below 1e-30 count as 1e-30, so that the loss is finite. Returns
 *                         NaN if @p is NaN
 * net_loss()            - returns the loss of an image whose true class is @truth
 */
int net_predicted_class(const float *p, int64_t outputs);
double net_probability(const float *p, int64_t outputs, int class_index);
double net_log_loss(double p);
double net_loss(const lade_net *net, const float *p, int truth);

#endif

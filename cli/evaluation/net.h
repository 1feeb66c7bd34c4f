/*
 * net.h - what eval, predict and train have in common: a saved net, images as it wants them, and what it says of one.
 */
#ifndef LADE_CLI_EVALUATION_NET_H
#define LADE_CLI_EVALUATION_NET_H

#include <lade/flow.h>
#include <lade/train.h>

/* net_load() - lade_net_load() with its message said; NULL: the program ends with EXIT_FAILED. */
lade_net *net_load(const char *path, int threads);

/*
 * net_configure_stream() - images as those that @net learnt from, but for what the options of the command line say, which
 * @stream holds before; in order. @path is what messages call the net.
 *
 * Returns EXIT_OK; EXIT_USAGE after a message: an option asks for another size, colours or order of axes; or
 * EXIT_FAILED after a message: what the net says of its samples is damaged.
 */
int net_configure_stream(const lade_net *net, const char *path, struct lade_flow_options *stream);

/* net_class_count() - how many classes it tells apart: its outputs, or two where there is one. */
int net_class_count(const lade_net *net);

/*
 * net_class_names() - their names as the net keeps them, turned back into bytes; NULL where it keeps none. As many
 * strings, then NULL, to be given back by net_names_free(); NULL is fine.
 */
char **net_class_names(const lade_net *net);
void net_names_free(char **names);

/*
 * What the net says of one image: @p are its @outputs probabilities, or, where it was trained by mean squared error,
 * numbers that stand for them. The class with the highest; that of one class.
 */
int net_predicted_class(const float *p, int64_t outputs);
double net_probability(const float *p, int64_t outputs, int class_index);

/* The net's own loss of one image of class @truth. */
double net_loss(const lade_net *net, const float *p, int truth);

#endif

/*
 * preparation.h - prepares images for a saved net in the same way as during its training. The file of a net contains
 * the options of its samples and the statistics of its standardisation.
 */
#ifndef LADE_CLI_EVALUATION_PREPARATION_H
#define LADE_CLI_EVALUATION_PREPARATION_H

#include <lade/flow.h>
#include <lade/train.h>

/*
 * net_prepare_stream() - sets the options of @stream, so that images are prepared as in the training of the net. Also
 * makes stats_load() return the statistics of the net. @path is the path of the net, for messages. The net must exist
 * until the stream is opened.
 *
 * Returns EXIT_OK. On error, prints a message and returns EXIT_USAGE or EXIT_FAILED. EXIT_USAGE means that an option of
 * the command line contradicts the net; the message contains both values. EXIT_FAILED means that the file of the net is
 * damaged.
 */
int net_prepare_stream(const lade_net *net, const char *path, struct lade_flow_options *stream);

#endif

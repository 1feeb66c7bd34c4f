/*
 * defaults.h - chooses the options of a training run that the command line does not set.
 */
#ifndef LADE_CLI_COMMAND_TRAIN_DEFAULTS_H
#define LADE_CLI_COMMAND_TRAIN_DEFAULTS_H

#include "command/train/train.h"

/*
 * train_set_defaults() - chooses the target size from the images. For the net "resnet", also chooses the optimizer, the
 *                        schedule, the augmentation and the batch size. Does not change the options that the command
 *                        line sets. Must be called before training_options_check() and before the streams are opened.
 * train_warmup()       - returns the number of warmup updates. The streams must be open.
 */
void train_set_defaults(struct train *t);
int64_t train_warmup(const struct train *t);

#endif

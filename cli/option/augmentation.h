/*
 * augmentation.h - turns augmentation and standardisation off, and describes the augmentation.
 */
#ifndef LADE_CLI_OPTION_AUGMENTATION_H
#define LADE_CLI_OPTION_AUGMENTATION_H

#include <lade/flow.h>

/* Return the options without random augmentation, and the options without standardisation. */
struct lade_flow_options augmentation_off(struct lade_flow_options options);
struct lade_flow_options standardisation_off(struct lade_flow_options options);

/* Returns the active augmentations, for example "rotation 40, horizontal flip", or "". The caller must free() the
   string. */
char *augmentation_text(const struct lade_flow_options *options);

#endif

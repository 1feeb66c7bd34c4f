/*
 * layout.h - recognises folders that are parts of a data set (train, val, test) and not classes.
 */
#ifndef LADE_CLI_OPTION_LAYOUT_H
#define LADE_CLI_OPTION_LAYOUT_H

#include <lade/flow.h>
#include <stdbool.h>

/*
 * layout_has_parts()    - returns true if there are at least two class names, and each of them is the name of a part of
 *                         a data set, for example "train".
 * layout_is_training(), layout_is_validation() - return true if @name is a usual name of the part for training, or of
 *                         the part for validation.
 * layout_folders()      - returns the sorted names of the folders in a directory, without hidden folders, and stores
 *                         their number in *@count. Returns NULL if the directory cannot be read. The caller must call
 *                         layout_folders_free(), which accepts NULL.
 * layout_print_parts()  - prints a warning that the class names of the directory @path are names of parts of a data set.
 * layout_warn_empty()    - prints a warning about the classes of @flow that have no images.
 * layout_warn_other_classes() - prints a warning about the classes of @all that are not classes of @flow, and the number
 *                         of their images. @all is the stream of the same source with all classes.
 */
bool layout_has_parts(const char *const *names, int count);
bool layout_is_training(const char *name);
bool layout_is_validation(const char *name);
char **layout_folders(const char *path, int *count);
void layout_folders_free(char **folders);
void layout_print_parts(const char *path, const char *const *names, int count);
void layout_warn_empty(const lade_flow *flow, const char *path);
void layout_warn_other_classes(const lade_flow *flow, const lade_flow *all, const char *path);

#endif

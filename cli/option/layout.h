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
 * layout_is_training(), layout_is_validation() - return true if @name is a name of the part for training, or of the part
 *                         for validation.
 * layout_folders()      - returns the sorted names of the folders in a directory, without hidden folders, and stores
 *                         their number in *@count. Returns NULL if the directory cannot be read. The caller must call
 *                         layout_folders_free(), which accepts NULL.
 * layout_has_classes()  - returns true if the directory @path has a folder for each class. Prints a warning about classes
 *                         without a folder, and a warning about folders that are not classes. Returns true if @path is
 *                         not a directory.
 * layout_print_parts()  - prints a warning that the class names of the directory @path are names of parts of a data set.
 * layout_warn()         - prints warnings about the classes of a stream: names of parts, and classes without images.
 */
bool layout_has_parts(const char *const *names, int count);
bool layout_is_training(const char *name);
bool layout_is_validation(const char *name);
char **layout_folders(const char *path, int *count);
void layout_folders_free(char **folders);
bool layout_has_classes(const char *path, const char *const *names, int count);
void layout_print_parts(const char *path, const char *const *names, int count);
void layout_warn(const lade_flow *flow, const char *path);

#endif

/*
 * lade/train/option.h - describes the options of nets and of training, for programs that read options from text, such
 * as bindings for other languages. lade/train.h includes this header.
 */
#ifndef LADE_TRAIN_OPTION_H
#define LADE_TRAIN_OPTION_H

#include <lade/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * lade_net_option_info()       - returns the description of option @i of struct lade_net_options.
 * lade_fit_option_info()       - returns the description of option @i of struct lade_fit_options.
 * lade_optimizer_option_info() - returns the description of field @i of struct lade_optimizer. lade_optimizer_info()
 *                                returns the fields that an optimizer uses, and their defaults.
 * lade_schedule_option_info()  - returns the description of field @i of struct lade_schedule. lade_schedule_info()
 *                                returns the fields that a schedule uses, and their defaults.
 *
 * The options are counted from 0. The functions return static memory, or NULL if @i is not the index of an option. Any
 * thread.
 *
 *     for (int i = 0; lade_fit_option_info(i); i++)
 *         puts(lade_fit_option_info(i)->name);
 */
LADE_API const struct lade_option_info *lade_net_option_info(int i);
LADE_API const struct lade_option_info *lade_fit_option_info(int i);
LADE_API const struct lade_option_info *lade_optimizer_option_info(int i);
LADE_API const struct lade_option_info *lade_schedule_option_info(int i);

#ifdef __cplusplus
}
#endif
#endif

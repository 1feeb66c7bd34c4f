/*
 * lade/base/attributes.h - macros that the declarations of all headers use. lade/base.h includes this header.
 */
#ifndef LADE_BASE_ATTRIBUTES_H
#define LADE_BASE_ATTRIBUTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * LADE_API           - the library exports the function.
 * LADE_MUST_CHECK    - the compiler warns if the result is ignored.
 * LADE_PRINTF(f, a)  - argument f is a printf format for argument a and the following ones.
 */
#define LADE_API               __attribute__((visibility("default")))
#define LADE_MUST_CHECK        __attribute__((warn_unused_result))
#define LADE_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/*
 * The value that switches off an integer or floating-point option whose default is not 0. (In such an option, 0 selects
 * the default.)
 */
#define LADE_OFF (-2147483647 - 1)

#ifdef __cplusplus
}
#endif
#endif

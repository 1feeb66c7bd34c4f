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
 * LADE_API           - the library exports the function. A program that uses the static library defines LADE_STATIC,
 *                      and the function is then hidden. So a shared library that contains the static library does not
 *                      export lade's functions.
 * LADE_MUST_CHECK    - the compiler warns if the result is ignored.
 * LADE_PRINTF(f, a)  - argument number f is a printf format, and argument number a is the first argument of the format.
 */
#ifdef LADE_STATIC
#define LADE_API __attribute__((visibility("hidden")))
#else
#define LADE_API __attribute__((visibility("default")))
#endif
#define LADE_MUST_CHECK        __attribute__((warn_unused_result))
#define LADE_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* These two macros enclose the declaration of a function that has the same name as a struct. Without the macros, g++
   -Wshadow warns about the function, because in C++ the name of a struct is also the name of its constructors. */
#if defined(__cplusplus) && !defined(__clang__)
#define LADE__SAME_NAME_BEGIN _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wshadow\"")
#define LADE__SAME_NAME_END   _Pragma("GCC diagnostic pop")
#else
#define LADE__SAME_NAME_BEGIN
#define LADE__SAME_NAME_END
#endif

/*
 * The value that switches off an integer or floating-point option whose default is not 0. (In such an option, 0 selects
 * the default.)
 */
#define LADE_OFF (-2147483647 - 1)

/* ---- Structs that grow ------------------------------------------------------------------------------------------- */

/*
 * Many structs end in an array `reserved`, which must be zero. A later version of lade takes the bytes of a new field
 * from the beginning of this array, so that the size of the struct and the offsets of its other fields stay the same.
 * Zero in a new field selects the behaviour of earlier versions. Therefore a program that was compiled with older
 * headers runs with a later library. The only condition is that the program initialises its structs with {0} or with
 * designated initialisers.
 *
 * If `reserved` of an options struct is not zero, functions return LADE_EINVAL with the subject "reserved". The usual
 * reason is that the program was compiled with newer headers and sets an option that the library does not have.
 *
 * A struct that the library allocates and that programs only read, such as struct lade_net_info or struct lade_metrics,
 * gets new fields at its end. A program must not depend on the size of such a struct, and must not copy the struct.
 *
 * If a later version of lade removes a function, or changes the layout of a struct in any other way, the soname of the
 * library changes. The same is true for the structs in lade/detail/, because macros compile these structs into
 * programs.
 */

#ifdef __cplusplus
}
#endif
#endif

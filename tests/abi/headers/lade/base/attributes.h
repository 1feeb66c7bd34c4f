#ifndef LADE_BASE_ATTRIBUTES_H
#define LADE_BASE_ATTRIBUTES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
#ifdef LADE_STATIC
#define LADE_API __attribute__((visibility("hidden")))
#else
#define LADE_API __attribute__((visibility("default")))
#endif
#define LADE_MUST_CHECK        __attribute__((warn_unused_result))
#define LADE_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#if defined(__cplusplus) && !defined(__clang__)
#define LADE__SAME_NAME_BEGIN _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wshadow\"")
#define LADE__SAME_NAME_END   _Pragma("GCC diagnostic pop")
#else
#define LADE__SAME_NAME_BEGIN
#define LADE__SAME_NAME_END
#endif
#define LADE_OFF (-2147483647 - 1)
#ifdef __cplusplus
}
#endif
#endif

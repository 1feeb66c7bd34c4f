#ifndef LADE_BASE_ATTRIBUTES_H
#define LADE_BASE_ATTRIBUTES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
#define LADE_API               __attribute__((visibility("default")))
#define LADE_MUST_CHECK        __attribute__((warn_unused_result))
#define LADE_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define LADE_OFF (-2147483647 - 1)
#ifdef __cplusplus
}
#endif
#endif

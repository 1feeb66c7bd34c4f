#ifndef LADE_BASE_ERROR_H
#define LADE_BASE_ERROR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <lade/base/attributes.h>
#ifdef __cplusplus
extern "C" {
#endif
#define LADE_STATUS_MAP(X)                                  \
    X(LADE_OK, 0, "success")                                \
    X(LADE_ENOMEM, -1, "out of memory")                     \
    X(LADE_EINVAL, -2, "invalid argument")                  \
    X(LADE_ESTATE, -3, "not possible in this state")        \
    X(LADE_EIO, -4, "input/output error")                   \
    X(LADE_ENOENT, -5, "not found")                         \
    X(LADE_EFORMAT, -6, "damaged or malformed data")        \
    X(LADE_EUNSUPPORTED, -7, "not supported")               \
    X(LADE_ELIMIT, -8, "over a limit")                      \
    X(LADE_EBUSY, -9, "busy")                               \
    X(LADE_EMISMATCH, -10, "does not match what was saved") \
    X(LADE_ERUNTIME, -11, "run-time error")                 \
    X(LADE_EACCES, -12, "permission denied")                \
    X(LADE_ENUMERIC, -13, "not a finite number")            \
    X(LADE_ECANCELED, -14, "canceled")                      \
    X(LADE_ETIMEDOUT, -15, "timed out")                     \
    X(LADE_EXIT, -100, "generator exit")                    \
    X(LADE_STOP, -101, "stop iteration")
enum lade_status {
#define LADE_STATUS_ENUM(name, value, text) name = value,
    LADE_STATUS_MAP(LADE_STATUS_ENUM)
#undef LADE_STATUS_ENUM
};
LADE_API const char *lade_status_name(int status);
LADE_API const char *lade_status_text(int status);
struct lade_error {
    int code;
    char message[1020];
    char subject[256];
    uint64_t exception;
    unsigned char reserved[56];
};
LADE_API int lade_error_set(struct lade_error *err, int code, const char *fmt, ...) LADE_PRINTF(3, 4);
LADE_API int lade_error_set_subject(struct lade_error *err, int code, const char *subject, const char *fmt, ...)
    LADE_PRINTF(4, 5);
LADE_API int lade_error_from_errno(struct lade_error *err, int errno_value, const char *subject, const char *fmt, ...)
    LADE_PRINTF(4, 5);
typedef void lade_unhandled_hook(const struct lade_error *err, void *ctx);
LADE_API lade_unhandled_hook *lade_set_unhandled_hook(lade_unhandled_hook *hook, void *ctx);
LADE_API void lade_unhandled(const struct lade_error *err);
#ifdef __cplusplus
}
#endif
#endif

/*
 * lade/base/error.h - status codes and errors. lade/base.h includes this header.
 */
#ifndef LADE_BASE_ERROR_H
#define LADE_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lade/base/attributes.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Status ------------------------------------------------------------------------------------------------------ */

/*
 * LADE_STATUS_MAP(X) - expands to X(name, value, text) for every status. The values never change. LADE_EXIT and
 *                      LADE_STOP are not errors: they control generators, as GeneratorExit and StopIteration do in
 *                      Python. No function returns LADE_EXIT or LADE_STOP as an error.
 */
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

/*
 * The status codes that functions return.
 */
enum lade_status {
#define LADE_STATUS_ENUM(name, value, text) name = value,
    LADE_STATUS_MAP(LADE_STATUS_ENUM)
#undef LADE_STATUS_ENUM
};

/*
 * lade_status_name() - returns "LADE_EINVAL" for LADE_EINVAL, and "LADE_UNKNOWN" for an unknown value.
 * lade_status_text() - returns "invalid argument" for LADE_EINVAL, and "unknown status" for an unknown value.
 *
 * Both return static strings. Any thread.
 */
LADE_API const char *lade_status_name(int status);
LADE_API const char *lade_status_text(int status);

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

/*
 * The details of an error. The caller owns the struct and initialises it with {0}. A function that fails fills the
 * struct; a function that succeeds leaves it unchanged. The struct contains no pointers, so it can be copied and need
 * not be released.
 */
struct lade_error {
    int code;           /* a negative enum lade_status; 0 means that there is no error */
    char message[1020]; /* for people: the place and the cause of the error, and how to correct it (UTF-8) */
    char subject[256];  /* for programs: the name of the option, file, layer or column that has the error, or "" */
    uint64_t exception; /* private: the number of the C++ exception that caused this error, or 0 */
    unsigned char reserved[56]; /* zero; see lade/base/attributes.h */
};

/*
 * lade_error_set()         - fills @err with @code and a formatted message, and clears the subject.
 * lade_error_set_subject() - does the same and also stores @subject.
 *
 * @err      the error to fill, or NULL to store nothing
 * @code     a negative enum lade_status
 * @subject  the field name of an option ("batch_size"), a path as the caller wrote it, a layer as it is written in the
 *           specification of the net ("conv 16 3"), or the name of a column; NULL is the same as ""
 * @fmt      a printf format
 *
 * The message is escaped with lade_text_escape(), so that it can be printed. The subject is not escaped, because a
 * program may open the file that the subject names.
 *
 * A message that is too long is cut between two UTF-8 characters and ends in "...". A subject that is too long is cut
 * between two UTF-8 characters. @subject and the arguments may point into *@err itself.
 *
 * Both functions return @code, so that `return lade_error_set(err, LADE_EIO, "...")` sets the error and returns its
 * status. Any thread, as long as no two threads use the same @err at the same time.
 */
LADE_API int lade_error_set(struct lade_error *err, int code, const char *fmt, ...) LADE_PRINTF(3, 4);
LADE_API int lade_error_set_subject(struct lade_error *err, int code, const char *subject, const char *fmt, ...)
    LADE_PRINTF(4, 5);

/*
 * lade_error_from_errno() - fills @err from an errno value. ENOMEM, ENOENT, EACCES and some other values have a status
 *                           with a similar name (for example LADE_ENOENT). The status for all other values is LADE_EIO.
 *                           The message consists of the formatted text, ": " and the text of strerror().
 *
 * @subject  the path of the file, as the caller wrote it; NULL is the same as ""
 *
 * Returns the status. @err may be NULL. Any thread, as long as no two threads use the same @err at the same time.
 */
LADE_API int lade_error_from_errno(struct lade_error *err, int errno_value, const char *subject, const char *fmt, ...)
    LADE_PRINTF(4, 5);

/*
 * lade_set_unhandled_hook() - sets the function that receives unhandled errors, and returns the previous function. An
 *                             error is unhandled if no caller can receive the error. For example, a generator fails in
 *                             lade_sum(), and the call has no error argument. Another example is a generator that is
 *                             closed at the end of a scope, and fails while it is closed. Each unhandled error is
 *                             passed to the hook once. The default hook prints one line to stderr (compare Python's
 *                             sys.unraisablehook). NULL restores the default hook.
 *
 * Set the hook before other threads use lade. The hook may be called on any thread.
 */
typedef void lade_unhandled_hook(const struct lade_error *err, void *ctx);
LADE_API lade_unhandled_hook *lade_set_unhandled_hook(lade_unhandled_hook *hook, void *ctx);

/*
 * lade_unhandled() - passes @err to the hook of lade_set_unhandled_hook(). Use this function where an error cannot be
 *                    returned.
 */
LADE_API void lade_unhandled(const struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif

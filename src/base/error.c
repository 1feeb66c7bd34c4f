/*
 * Returns names and texts of status codes, fills struct lade_error, and returns the version of the library.
 * LADE_STATUS_MAP in lade/base.h contains the names and texts of the status codes.
 *
 * Errors are stored in a struct of the caller. There is no thread-local "last error", because a generator may fail on
 * one thread, and another thread may read the error. The hook for unhandled errors and its argument are the only global
 * variables.
 */
#include "base/error.h"

#include <errno.h>
#include <string.h>

/* ---- Status ------------------------------------------------------------------------------------------------------ */

const char *lade_status_name(int status) {
    switch (status) {
#define STATUS_CASE(name, value, text) \
    case name:                         \
        return #name;
        LADE_STATUS_MAP(STATUS_CASE)
#undef STATUS_CASE
    default:
        return "LADE_UNKNOWN";
    }
}

const char *lade_status_text(int status) {
    switch (status) {
#define STATUS_CASE(name, value, text) \
    case name:                         \
        return text;
        LADE_STATUS_MAP(STATUS_CASE)
#undef STATUS_CASE
    default:
        return "unknown status";
    }
}

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

/* Returns the largest length <= `length` at which `text` can be cut without splitting a UTF-8 character. */
static size_t cut_before(const char *text, size_t length) {
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    return length;
}

/* Builds the message and the subject in local variables, because `subject` and `args` may point into *err. Appends
   `reason`, which may be NULL, to the message. */
static void fill(struct lade_error *err, int code, const char *subject, const char *reason, const char *fmt,
                 va_list args) __attribute__((format(printf, 5, 0)));

static void fill(struct lade_error *err, int code, const char *subject, const char *reason, const char *fmt,
                 va_list args) {
    if (!err)
        return;
    char text[sizeof err->message];
    int length = vsnprintf(text, sizeof text, fmt, args);
    if (length < 0)
        length = snprintf(text, sizeof text, "%s", lade_status_text(code));
    if ((size_t)length < sizeof text && reason)
        length += snprintf(text + length, sizeof text - (size_t)length, ": %s", reason);
    if ((size_t)length >= sizeof text) {
        length = (int)cut_before(text, sizeof text - sizeof "...");
        memcpy(text + length, "...", sizeof "...");
        length += 3;
    }
    size_t kept = subject ? strnlen(subject, sizeof err->subject) : 0;
    if (kept == sizeof err->subject)
        kept = cut_before(subject, kept - 1);
    if (kept)
        memmove(err->subject, subject, kept);
    err->subject[kept] = 0;
    if (lade_text_escape(text, (size_t)length, false, err->message, sizeof err->message) >= sizeof err->message) {
        lade_text_escape(text, (size_t)length, false, err->message, sizeof err->message - strlen("..."));
        strcat(err->message, "...");
    }
    err->code = code;
    err->exception = 0;
}

int lade__error_format(struct lade_error *err, int code, const char *subject, const char *fmt, va_list args) {
    fill(err, code, subject, NULL, fmt, args);
    return code;
}

int lade_error_set(struct lade_error *err, int code, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    fill(err, code, NULL, NULL, fmt, args);
    va_end(args);
    return code;
}

int lade_error_set_subject(struct lade_error *err, int code, const char *subject, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    fill(err, code, subject, NULL, fmt, args);
    va_end(args);
    return code;
}

static int status_of_errno(int errno_value) {
    switch (errno_value) {
    case ENOMEM:
        return LADE_ENOMEM;
    case ENOENT:
    case ENOTDIR:
        return LADE_ENOENT;
    case EACCES:
    case EPERM:
    case EROFS:
        return LADE_EACCES;
    case EMFILE:
    case ENFILE:
    case ENAMETOOLONG:
    case ELOOP:
    case EFBIG:
        return LADE_ELIMIT;
    case EAGAIN:
    case EBUSY:
        return LADE_EBUSY;
    case ENOSYS:
    case EOPNOTSUPP:
        return LADE_EUNSUPPORTED;
    default:
        return LADE_EIO;
    }
}

int lade_error_from_errno(struct lade_error *err, int errno_value, const char *subject, const char *fmt, ...) {
    int code = status_of_errno(errno_value);
    char reason[128] = "";
    strerror_r(errno_value, reason, sizeof reason); /* this is the POSIX version, because _GNU_SOURCE is not defined */
    if (!reason[0])
        snprintf(reason, sizeof reason, "error %d", errno_value);
    va_list args;
    va_start(args, fmt);
    fill(err, code, subject, reason, fmt, args);
    va_end(args);
    return code;
}

/* ---- Unhandled errors -------------------------------------------------------------------------------------------- */

static void print_unhandled(const struct lade_error *err, void *ctx) {
    (void)ctx;
    fprintf(stderr, "lade: unhandled error: %s\n", err->message[0] ? err->message : lade_status_text(err->code));
}

static lade_unhandled_hook *unhandled_hook = print_unhandled;
static void *unhandled_ctx;

lade_unhandled_hook *lade_set_unhandled_hook(lade_unhandled_hook *hook, void *ctx) {
    lade_unhandled_hook *before = unhandled_hook;
    unhandled_hook = hook ? hook : print_unhandled;
    unhandled_ctx = ctx;
    return before;
}

void lade_unhandled(const struct lade_error *err) {
    unhandled_hook(err, unhandled_ctx);
}

/* ---- Version ----------------------------------------------------------------------------------------------------- */

#define STRING_(x) #x
#define STRING(x)  STRING_(x)

/* Returns the version of the library that is loaded. This version may be newer than the header with which the program
   was compiled. */
const char *lade_version(void) {
    return STRING(LADE_VERSION_MAJOR) "." STRING(LADE_VERSION_MINOR) "." STRING(LADE_VERSION_PATCH);
}

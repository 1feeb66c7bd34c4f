/*
 * Errors are words in the caller's struct: no errno, no thread-local "last error", because a generator's body may go on
 * upon another thread than the one it failed on. The one global is the last-resort hook.
 */
#include <lade/base.h>

#include <errno.h>
#include <stdarg.h>
#include <string.h>

/* Cut `text`, `size` bytes of room, so that "..." fits and no UTF-8 character is left in halves. */
static void end_in_dots(char *text, size_t size) {
    size_t end = size - sizeof "...";
    while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80)
        end--;
    memcpy(text + end, "...", sizeof "...");
}

/* Formats apart from the error: an argument may be the very message that is being replaced. */
static int set(struct lade_error *err, int code, const char *suffix, const char *fmt, va_list args)
    __attribute__((format(printf, 4, 0)));

static int set(struct lade_error *err, int code, const char *suffix, const char *fmt, va_list args) {
    if (!err)
        return code;
    char text[sizeof err->message];
    int length = vsnprintf(text, sizeof text, fmt, args);
    if (length < 0)
        length = snprintf(text, sizeof text, "%s", lade_status_text(code));
    if ((size_t)length < sizeof text && suffix)
        length += snprintf(text + length, sizeof text - (size_t)length, ": %s", suffix);
    if ((size_t)length >= sizeof text)
        end_in_dots(text, sizeof text);
    err->code = code;
    memcpy(err->message, text, sizeof text);
    return code;
}

int lade_error_set(struct lade_error *err, int code, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    set(err, code, NULL, fmt, args);
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

int lade_error_from_errno(struct lade_error *err, int errno_value, const char *fmt, ...) {
    int code = status_of_errno(errno_value);
    char reason[128] = "";
    strerror_r(errno_value, reason, sizeof reason); /* the POSIX form: this file asks for no GNU extensions */
    if (!reason[0])
        snprintf(reason, sizeof reason, "error %d", errno_value);
    va_list args;
    va_start(args, fmt);
    set(err, code, reason, fmt, args);
    va_end(args);
    return code;
}

/* ---- The last resort --------------------------------------------------------------------------------------------- */

static void print_unobserved(const struct lade_error *err, void *ctx) {
    (void)ctx;
    fprintf(stderr, "lade: error that nobody looked at: %s\n",
            err->message[0] ? err->message : lade_status_text(err->code));
}

static lade_unobserved_hook *unobserved_hook = print_unobserved;
static void *unobserved_ctx;

lade_unobserved_hook *lade_set_unobserved_hook(lade_unobserved_hook *hook, void *ctx) {
    lade_unobserved_hook *before = unobserved_hook;
    unobserved_hook = hook ? hook : print_unobserved;
    unobserved_ctx = ctx;
    return before;
}

void lade_unobserved(const struct lade_error *err) {
    unobserved_hook(err, unobserved_ctx);
}

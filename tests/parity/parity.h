/*
 * Contains the definitions for the C programs of the parity tests. parity.py contains the same definitions for Python.
 * NAME.py and NAME.c are one scenario in two languages. The two programs must print the same lines, which describe
 * every event inside a generator, and the result of each next(), send(), throw() and close(). The table shows the name
 * that both programs print for an exception:
 *
 *     Spam, Eggs              Exceptions of the scenario        a status of the scenario
 *     Fatal                   a BaseException of the scenario   a status of the scenario
 *     RuntimeError            RuntimeError                      LADE_ERUNTIME
 *     GeneratorExit           GeneratorExit                     LADE_EXIT
 *     StopIteration           StopIteration                     LADE_STOP
 *     StateError              ValueError: already executing;    LADE_ESTATE
 *                             TypeError: send before the start
 *     ArgumentError           any other TypeError               LADE_EINVAL
 */
#ifndef LADE_TESTS_PARITY_H
#define LADE_TESTS_PARITY_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lade/lade.h>
#include <lade/short_iter.h>

enum { SPAM = -1001, EGGS = -1002, FATAL = -1003 };

/* Returns true if `except Exception` catches this error in Python. */
__attribute__((unused)) static int is_exception(int status) {
    return status && status != LADE_EXIT && status != FATAL;
}

static const char *error_name(int status) {
    switch (status) {
    case SPAM:
        return "Spam";
    case EGGS:
        return "Eggs";
    case FATAL:
        return "Fatal";
    case LADE_ERUNTIME:
        return "RuntimeError";
    case LADE_EXIT:
        return "GeneratorExit";
    case LADE_STOP:
        return "StopIteration";
    case LADE_ESTATE:
        return "StateError";
    case LADE_EINVAL:
        return "ArgumentError";
    default:
        return lade_status_name(status);
    }
}

__attribute__((format(printf, 1, 2))) static void say(const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    putchar('\n');
}

__attribute__((unused)) static void say_word(const char **word) {
    say("%s", *word);
}

/* Prints @word at the end of the scope, like `finally: say(word)` in Python. */
#define finally(word) __attribute__((unused)) lade_cleanup(say_word) const char *LADE__CAT(finally_, __COUNTER__) = word

/* Prints an error. The message is printed only for exceptions of the scenario, because the messages of other errors are
   different in C and in Python. */
__attribute__((unused)) static void say_error(const char *what, const struct lade_error *err) {
    int own = err->code == SPAM || err->code == EGGS || err->code == FATAL;
    say("%s: %s%s%s", what, error_name(err->code), own && *err->message ? " " : "", own ? err->message : "");
}

/* Prints the outcome of a call. @before is the state before the call. Only the call that ended the generator prints the
   result (the value of StopIteration). */
__attribute__((unused)) static void say_outcome(const char *what, int before, const long *item,
                                                const struct lade_error *err, const long *result) {
    if (item)
        say("%s: %ld", what, *item);
    else if (err)
        say_error(what, err);
    else if (result && before != LADE_GEN_DONE)
        say("%s: stop %ld", what, *result);
    else
        say("%s: stop", what);
}

#define SHOW(what, g, ...)                                              \
    do {                                                                \
        int before_ = gen_state(g);                                     \
        const long *item_ = __VA_ARGS__;                                \
        say_outcome(what, before_, item_, gen_error(g), gen_result(g)); \
    } while (0)
#define show_next(g)               SHOW("next", g, next(g))
#define show_send(g, v)            SHOW("send", g, gen_send(g, v))
#define show_throw(g, status, ...) SHOW("throw", g, gen_throw(g, status, __VA_ARGS__))

#define show_close(g)                         \
    do {                                      \
        if (gen_close(g))                     \
            say_error("close", gen_error(g)); \
        else                                  \
            say("close: ok");                 \
    } while (0)

/* Prints the list of the items of @g, which is a generator of numbers, or the error of @g. */
#define show_list(what, g)                           \
    do {                                             \
        struct lade_error list_err_ = {0};           \
        list_auto(long) list_ = list(g, &list_err_); \
        printf("%s: ", what);                        \
        if (list_err_.code)                          \
            say_error("error", &list_err_);          \
        else                                         \
            print(list_);                            \
    } while (0)

__attribute__((unused)) static const char *state_name(int state) {
    static const char *const names[] = {[LADE_GEN_CREATED] = "created",
                                        [LADE_GEN_SUSPENDED] = "suspended",
                                        [LADE_GEN_RUNNING] = "running",
                                        [LADE_GEN_DELEGATED] = "running", /* in Python: running or suspended */
                                        [LADE_GEN_DONE] = "done"};
    return names[state];
}

/* The hook that prints unhandled errors, like sys.unraisablehook in Python. */
__attribute__((unused)) static void say_unhandled(const struct lade_error *err, void *ctx) {
    (void)ctx;
    say_error("unhandled", err);
}

/* Each program must call this function first. With line buffering, no line is lost if the program crashes. */
__attribute__((unused)) static void parity_begin(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    lade_set_unhandled_hook(say_unhandled, NULL);
}

__attribute__((unused)) static void title(const char *text) {
    printf("-- %s\n", text);
}

#endif

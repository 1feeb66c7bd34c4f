/*
 * lade/base.h - what all other headers need: status codes, errors, memory, random numbers.
 *
 * Functions return LADE_OK (0) or a negative `enum lade_status`. The details of an error are stored in a
 * `struct lade_error` that belongs to the caller; NULL may be passed if the details are not wanted. The library never
 * calls exit() or abort(). It prints nothing, with one exception: an error that no caller could receive is passed to
 * a hook, and the default hook prints it to stderr (see lade_set_unhandled_hook()).
 *
 *     struct lade_error err = {0};
 *     if (lade_tensor_write_npy(t, "t.npy", &err) < 0)
 *         fprintf(stderr, "%s\n", err.message);
 */
#ifndef LADE_BASE_H
#define LADE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * The version of this header; lade_version() tells that of the library.
 */
#define LADE_VERSION_MAJOR 0
#define LADE_VERSION_MINOR 1
#define LADE_VERSION_PATCH 0

#ifdef __cplusplus
extern "C" {
#endif

/*
 * LADE_API           - exported by the library.
 * LADE_MUST_CHECK    - ignoring the result is warned of.
 * LADE_PRINTF(f, a)  - argument number f is a printf format for the arguments from number a on.
 */
#define LADE_API               __attribute__((visibility("default")))
#define LADE_MUST_CHECK        __attribute__((warn_unused_result))
#define LADE_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/*
 * Switches off an option whose zero means "the default" and whose default is not zero; fits every integer and
 * floating option.
 */
#define LADE_OFF (-2147483647 - 1)

/*
 * lade_version() - the version of the library that was loaded, "0.1.0"; a static string. Any thread.
 */
LADE_API const char *lade_version(void);

/* ---- Status ------------------------------------------------------------------------------------------------------ */

/*
 * LADE_STATUS_MAP(X) - X(name, value, text) for every status: its value, pinned for ever, and what it means. LADE_EXIT
 * and LADE_STOP are control flow, the counterparts of GeneratorExit and StopIteration; they never leave the library as
 * an error of their own.
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
    X(LADE_EXIT, -100, "generator exit")                    \
    X(LADE_STOP, -101, "stop iteration")

/*
 * The statuses as numbers.
 */
enum lade_status {
#define LADE_STATUS_ENUM(name, value, text) name = value,
    LADE_STATUS_MAP(LADE_STATUS_ENUM)
#undef LADE_STATUS_ENUM
};

/*
 * lade_status_name() - "LADE_EINVAL" for LADE_EINVAL; "LADE_UNKNOWN" for a value that is none.
 * lade_status_text() - "invalid argument" for LADE_EINVAL; "unknown status" for a value that is none.
 *
 * Both return static strings. Any thread.
 */
LADE_API const char *lade_status_name(int status);
LADE_API const char *lade_status_text(int status);

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

/*
 * The details of an error. The caller owns the struct and initialises it with {0}. A function that fails fills it; a
 * function that succeeds leaves it unchanged. The struct holds no pointers, so it can be copied and needs no release.
 */
struct lade_error {
    int code;           /* a negative enum lade_status; 0 means that there is no error */
    char message[1020]; /* for people: where the error is, its cause and what to do (UTF-8) */
    char subject[256];  /* for programs: the name of the option, file, layer or column that has the error, or "" */
};

/*
 * lade_error_set()         - fills @err with @code and a formatted message, and clears the subject.
 * lade_error_set_subject() - does the same and also stores @subject.
 *
 * @err      the error to fill, or NULL to store nothing
 * @code     a negative enum lade_status
 * @subject  the field name of an option ("batch_size"), a path as the caller wrote it, a layer as it stands in the spec
 *           ("conv 16 3"), the name of a column; NULL is the same as ""
 * @fmt      a printf format
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
 * lade_error_from_errno() - fills @err from an errno value. ENOMEM, ENOENT, EACCES and some others have a status of
 * their own; every other value becomes LADE_EIO. The message is the formatted text, ": " and the text of strerror().
 *
 * @subject  the path of the file, as the caller wrote it; NULL is the same as ""
 *
 * Returns the status. @err may be NULL. Threads: as for lade_error_set().
 */
LADE_API int lade_error_from_errno(struct lade_error *err, int errno_value, const char *subject, const char *fmt, ...)
    LADE_PRINTF(4, 5);

/*
 * lade_set_unhandled_hook() - sets the function that receives unhandled errors, and returns the one that was set
 * before. An error is unhandled if no caller can receive it: a generator failed inside a reducer that was called
 * without an error argument, or a generator failed while the end of its scope closed it. Each error is passed to the
 * hook once. The default hook prints one line to stderr (compare Python's sys.unraisablehook); NULL restores the
 * default.
 *
 * Set the hook before other threads use lade. The hook may be called on any thread.
 */
typedef void lade_unhandled_hook(const struct lade_error *err, void *ctx);
LADE_API lade_unhandled_hook *lade_set_unhandled_hook(lade_unhandled_hook *hook, void *ctx);

/*
 * lade_unhandled() - passes @err to the hook. Call it where an error happens in a function that cannot return it.
 */
LADE_API void lade_unhandled(const struct lade_error *err);

/* ---- Enum words and options -------------------------------------------------------------------------------------- */

/*
 * One value of an enum and its word. A table of words ends with a NULL word. A row without a description is a second
 * spelling of a value: functions that read words accept it, and lists of words leave it out.
 */
struct lade_word {
    const char *word;        /* "bilinear" */
    int value;               /* LADE_INTERPOLATION_BILINEAR */
    const char *description; /* what the value means, for help texts */
};

/*
 * The C type of an option.
 */
enum lade_option_type {
    LADE_OPTION_BOOL = 0, /* bool */
    LADE_OPTION_INT,      /* int */
    LADE_OPTION_INT64,    /* int64_t */
    LADE_OPTION_UINT64,   /* uint64_t */
    LADE_OPTION_FLOAT,    /* float */
    LADE_OPTION_DOUBLE,   /* double */
    LADE_OPTION_ENUM, /* an enum, or an int with a few allowed values; struct lade_option_info lists them in `words` */
    LADE_OPTION_TEXT, /* const char *: a string */
    LADE_OPTION_LIST, /* const char *const *: strings, then NULL */
    LADE_OPTION_OTHER /* a pointer or a struct that only a C program can fill in */
};

/*
 * Which results an option changes. Each role includes the roles before it.
 */
enum lade_option_role {
    LADE_OPTION_RUN = 0, /* changes speed or error handling, but no byte of a good batch */
    LADE_OPTION_STREAM,  /* changes the bytes of batches; saved states contain the option */
    LADE_OPTION_SAMPLE   /* changes how an image becomes a sample; nets keep the option with their parameters */
};

/*
 * The description of one field of an options struct, for programs that read options from text: commands, bindings,
 * configuration files. An option whose `size` is twice the size of its type holds two values: height and width for
 * integers; the low and the high end of a range for floating-point types.
 */
struct lade_option_info {
    const char *name;    /* the name of the field: "rotation_range" */
    const char *section; /* the heading under which a help text lists the option: "Augmentation" */
    size_t offset;       /* of the field in its struct */
    size_t size;         /* of the field, in bytes */
    enum lade_option_type type;
    enum lade_option_role role;
    bool random;                   /* true: the option turns on a random change of each image; zero turns it off */
    double minimum, maximum;       /* numbers: the allowed values. Zero is always allowed and selects the default */
    bool above_minimum;            /* true: the minimum itself is not allowed */
    bool below_maximum;            /* true: the maximum itself is not allowed */
    bool single;                   /* ranges: {f, 0} is allowed and means {1 - f, 1 + f} */
    bool can_be_off;               /* LADE_OFF is allowed and means zero */
    bool stored_as_number;         /* enums: saved states contain the number instead of the word */
    double default_value[2];       /* numbers and enums: the value that zero selects */
    const char *default_text;      /* the default in words, if a number does not describe it: "one per core"; or NULL */
    const struct lade_word *words; /* enums: the words; a `maximum` above 0 excludes words with higher values */
    const char *placeholder;       /* what a help text writes for the value: "N"; or NULL */
    const char *description;       /* what the option does, for help texts */
};

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

/*
 * The allocator that lade uses for everything but thread and generator stacks. All three are called from any thread.
 * `resize` is realloc: pointer NULL allocates; the size is never 0.
 */
struct lade_allocator {
    void *(*resize)(void *ctx, void *p, size_t size);
    void (*release)(void *ctx, void *p);
    void *ctx;
};

/*
 * lade_set_allocator() - replace malloc. To be called before anything else of lade; NULL brings malloc back.
 */
LADE_API void lade_set_allocator(const struct lade_allocator *allocator);

/*
 * lade_alloc()    - @size bytes (0 counts as 1), aligned for any C type, or NULL. Not cleared.
 * lade_calloc()   - the same for @count items of @size bytes, cleared; NULL also where the product overflows.
 * lade_realloc()  - grow or shrink @p to @count items of @size bytes; on NULL (no memory, overflow) @p is untouched.
 * lade_free()     - give back; NULL is fine.
 * lade_strdup()   - a copy of a string, or NULL.
 *
 * The caller owns what is returned and gives it back by lade_free(). Any thread.
 */
LADE_API void *lade_alloc(size_t size);
LADE_API void *lade_calloc(size_t count, size_t size);
LADE_API void *lade_realloc(void *p, size_t count, size_t size);
LADE_API void lade_free(void *p);
LADE_API char *lade_strdup(const char *s);

/*
 * lade_alloc_aligned() - @size bytes aligned to 64 (a cache line, a vector register), or NULL; give back by
 * lade_free_aligned(). Any thread.
 */
LADE_API void *lade_alloc_aligned(size_t size);
LADE_API void lade_free_aligned(void *p);

/*
 * lade_cleanup(f) - a variable that calls f(&variable) at the end of its scope, however the scope is left: C's
 * `finally`. In a generator it also runs when the generator is closed.
 *
 *     lade_cleanup(lade_fclose) FILE *f = fopen(path, "r");
 *
 * lade_fclose(), lade_freep() - such an f for FILE * and for anything from lade_alloc(); NULL is fine.
 */
#define lade_cleanup(f) __attribute__((cleanup(f)))
LADE_API void lade_fclose(FILE **f);
LADE_API void lade_freep(void *pointer_to_pointer);

/* ---- Random numbers ---------------------------------------------------------------------------------------------- */

/*
 * Random numbers are a function, not a state that threads share: the stream for (seed, epoch, sample, purpose) is the
 * same whoever draws it and whenever. Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as
 * 1, 2, 3", SC 2011) keyed by the seed; epoch, sample and purpose are its counter.
 */
struct lade_random {
    uint32_t key[2];
    uint32_t counter[4]; /* {draw number / 4 and purpose, epoch, sample low, sample high} */
    uint32_t block[4];   /* the numbers made from the counter before */
    unsigned used;       /* how many of them are gone */
    int has_spare;       /* lade_random_normal() makes two at a time; */
    double spare;        /* this is the second */
};

/*
 * What a stream of random numbers is for; each purpose has a stream of its own. Pinned: they are part of "same seed,
 * same bytes".
 */
enum lade_random_purpose {
    LADE_RANDOM_ORDER = 1,
    LADE_RANDOM_AUGMENT = 2,
    LADE_RANDOM_SPLIT = 3,
    LADE_RANDOM_REPLACE = 4,
    LADE_RANDOM_WEIGHTS = 5,
    LADE_RANDOM_DROPOUT = 6,
    LADE_RANDOM_SYNTH = 7,
    LADE_RANDOM_CROP = 8,
    LADE_RANDOM_USER = 1000 /* and above: yours */
};

/*
 * lade_random_init()    - the stream for (seed, epoch, sample, purpose); @epoch below 2^32, @purpose below 2^16.
 * lade_random_u32()     - the next 32 random bits. A stream holds 2^18 of them, then it repeats.
 * lade_random_u64()     - the next 64.
 * lade_random_double()  - uniform in [0, 1), 53 bits.
 * lade_random_uniform() - uniform in [low, high).
 * lade_random_below()   - uniform in 0 .. n-1 without bias; 0 for n = 0.
 * lade_random_normal()  - standard normal (Marsaglia's polar form of Box-Muller, both halves used: two calls cost one
 *                         logarithm; not the C library's, whose last bit differs between machines).
 *
 * No allocation, no locks; one thread at a time per struct lade_random.
 */
LADE_API void lade_random_init(struct lade_random *r, uint64_t seed, uint64_t epoch, uint64_t sample, uint32_t purpose);
LADE_API uint32_t lade_random_u32(struct lade_random *r);
LADE_API uint64_t lade_random_u64(struct lade_random *r);
LADE_API double lade_random_double(struct lade_random *r);
LADE_API double lade_random_uniform(struct lade_random *r, double low, double high);
LADE_API uint64_t lade_random_below(struct lade_random *r, uint64_t n);
LADE_API double lade_random_normal(struct lade_random *r);

#ifdef __cplusplus
}
#endif
#endif

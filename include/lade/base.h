/*
 * lade/base.h - declarations that all other headers use: status codes, errors, memory, random numbers.
 *
 * Functions return LADE_OK (0) or a negative `enum lade_status`. The details of an error are stored in a `struct
 * lade_error` that belongs to the caller. A caller that does not need the details passes NULL. The library never calls
 * exit() or abort(). It prints nothing, with one exception: an error that no caller could receive is passed to a hook,
 * and the default hook prints it to stderr (see lade_set_unhandled_hook()).
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
 * The version of this header. lade_version() returns the version of the library.
 */
#define LADE_VERSION_MAJOR 0
#define LADE_VERSION_MINOR 1
#define LADE_VERSION_PATCH 0

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

/*
 * lade_version() - returns the version of the library that is loaded, for example "0.1.0", as a static string. Any
 *                  thread.
 */
LADE_API const char *lade_version(void);

/* ---- Status ------------------------------------------------------------------------------------------------------ */

/*
 * LADE_STATUS_MAP(X) - expands to X(name, value, text) for every status. The values never change. LADE_EXIT and
 *                      LADE_STOP are used for control flow, as GeneratorExit and StopIteration in Python. No function
 *                      returns LADE_EXIT or LADE_STOP as an error.
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
    char message[1020]; /* for people: where the error is, its cause and how to correct it (UTF-8) */
    char subject[256];  /* for programs: the name of the option, file, layer or column that has the error, or "" */
    uint64_t exception; /* private: the number of the C++ exception that caused this error, or 0 */
};

/*
 * lade_error_set()         - fills @err with @code and a formatted message, and clears the subject.
 * lade_error_set_subject() - does the same and also stores @subject.
 *
 * @err      the error to fill, or NULL to store nothing
 * @code     a negative enum lade_status
 * @subject  the field name of an option ("batch_size"), a path as the caller wrote it, a layer as it is written in the
 * spec ("conv 16 3"), or the name of a column; NULL is the same as ""
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
 * lade_error_from_errno() - fills @err from an errno value. ENOMEM, ENOENT, EACCES and some other values have a status
 *                           of their own. The status for all other values is LADE_EIO. The message is the formatted
 *                           text, ": " and the text of strerror().
 *
 * @subject  the path of the file, as the caller wrote it; NULL is the same as ""
 *
 * Returns the status. @err may be NULL. Threads: as for lade_error_set().
 */
LADE_API int lade_error_from_errno(struct lade_error *err, int errno_value, const char *subject, const char *fmt, ...)
    LADE_PRINTF(4, 5);

/*
 * lade_set_unhandled_hook() - sets the function that receives unhandled errors, and returns the previous function. An
 *                             error is unhandled if no caller can receive it: a generator failed inside a reducer that
 *                             was called without an error argument, or a generator failed while it was closed at the
 *                             end of its scope. Each unhandled error is passed to the hook once. The default hook
 *                             prints one line to stderr (compare Python's sys.unraisablehook); NULL restores the
 * default.
 *
 * Set the hook before other threads use lade. The hook may be called on any thread.
 */
typedef void lade_unhandled_hook(const struct lade_error *err, void *ctx);
LADE_API lade_unhandled_hook *lade_set_unhandled_hook(lade_unhandled_hook *hook, void *ctx);

/*
 * lade_unhandled() - passes @err to the hook. Call it in a function that cannot return its errors.
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
 * The role of an option: which results the option changes. Each role includes the roles before it.
 */
enum lade_option_role {
    LADE_OPTION_RUN = 0, /* changes speed or error handling, but no byte of a batch without errors */
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
    size_t offset;       /* offset of the field in its struct, in bytes */
    size_t size;         /* size of the field, in bytes */
    enum lade_option_type type;
    enum lade_option_role role;
    bool random;                   /* true: the option turns on a random change of each image; zero turns it off */
    double minimum, maximum;       /* numbers: the allowed range. Zero is always allowed and selects the default */
    bool above_minimum;            /* true: the minimum itself is not allowed */
    bool below_maximum;            /* true: the maximum itself is not allowed */
    bool single;                   /* ranges: {f, 0} is allowed and means {1 - f, 1 + f} */
    bool can_be_off;               /* LADE_OFF is allowed and means zero */
    bool stored_as_number;         /* enums: saved states contain the number instead of the word */
    double default_value[2];       /* numbers and enums: the value that zero selects */
    const char *default_text;      /* the default in words, if a number does not describe it: "one per core"; or NULL */
    const struct lade_word *words; /* enums: the words; a `maximum` above 0 excludes words with higher values */
    const char *placeholder;       /* the name of the value in help texts, for example "N"; or NULL */
    const char *description;       /* what the option does, for help texts */
};

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

/*
 * The allocator for all memory of lade except stacks of threads and generators. `resize` works as realloc() and is
 * never called with the size 0. Both functions may be called on any thread.
 */
struct lade_allocator {
    void *(*resize)(void *ctx, void *p, size_t size);
    void (*release)(void *ctx, void *p);
    void *ctx;
};

/*
 * lade_set_allocator() - replaces malloc(). Call it before all other functions of lade. NULL restores malloc().
 */
LADE_API void lade_set_allocator(const struct lade_allocator *allocator);

/*
 * lade_alloc()    - allocates @size bytes (0 counts as 1), aligned for every C type and not cleared.
 * lade_calloc()   - allocates @count items of @size bytes and clears them.
 * lade_realloc()  - changes the size of @p to @count items of @size bytes.
 * lade_strdup()   - copies a string.
 * lade_free()     - frees memory that one of these functions returned. NULL is allowed.
 *
 * The first four functions return memory that the caller owns. They return NULL if there is no memory or the product
 * overflows; then @p of lade_realloc() is still valid and unchanged. Any thread.
 */
LADE_API void *lade_alloc(size_t size);
LADE_API void *lade_calloc(size_t count, size_t size);
LADE_API void *lade_realloc(void *p, size_t count, size_t size);
LADE_API char *lade_strdup(const char *s);
LADE_API void lade_free(void *p);

/*
 * lade_alloc_aligned() - allocates @size bytes, aligned to 64 (a cache line, a vector register), or returns NULL.
 * lade_free_aligned()  - frees memory that lade_alloc_aligned() returned. NULL is allowed.
 *
 * Any thread.
 */
LADE_API void *lade_alloc_aligned(size_t size);
LADE_API void lade_free_aligned(void *p);

/*
 * lade_cleanup(f) - an attribute for a local variable: f(&variable) is called at the end of its scope, even if the
 * scope is left by return, break or goto. It is used in C as `finally` is used in Python. In a generator, f is also
 * called when the generator is closed.
 *
 *     lade_cleanup(lade_fclose) FILE *f = fopen(path, "r");
 *
 * lade_fclose() - a cleanup function for a FILE *: closes the file. NULL is allowed.
 * lade_freep()  - a cleanup function for memory of lade_alloc(): frees the memory. NULL is allowed.
 */
#define lade_cleanup(f) __attribute__((cleanup(f), unused))
LADE_API void lade_fclose(FILE **f);
LADE_API void lade_freep(void *pointer_to_pointer);

/* ---- Random numbers ---------------------------------------------------------------------------------------------- */

/*
 * A stream of random numbers. The numbers of a stream depend only on (seed, epoch, sample, purpose), and not on the
 * thread or the time. The numbers come from Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as
 * easy as 1, 2, 3", SC 2011). The seed is the key of Philox; epoch, sample and purpose are its counter.
 */
struct lade_random {
    uint32_t key[2];
    uint32_t counter[4]; /* {purpose and number of the block, epoch, low and high half of sample} */
    uint32_t block[4];   /* the numbers of the last block */
    unsigned used;       /* number of elements of `block` that have been returned */
    int has_spare;       /* true if `spare` is valid. lade_random_normal() computes two numbers at a time */
    double spare;        /* the second of these two numbers, which the next call returns */
};

/*
 * The purpose of a stream of random numbers. Each purpose has a stream of its own. The values of this enum never
 * change, so that the same seed gives the same bytes in every version of lade.
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
    LADE_RANDOM_USER = 1000 /* this value and larger ones are free for the program */
};

/*
 * lade_random_init()    - starts the stream for (seed, epoch, sample, purpose). @epoch < 2^32, @purpose < 2^16.
 * lade_random_u32()     - returns 32 random bits. A stream repeats after 2^18 calls.
 * lade_random_u64()     - returns 64 random bits.
 * lade_random_double()  - returns a number in [0, 1), uniform, with 53 random bits.
 * lade_random_uniform() - returns a number in [low, high), uniform.
 * lade_random_below()   - returns an integer in 0 .. n-1, uniform and without bias; 0 if n is 0.
 * lade_random_normal()  - returns a number of the standard normal distribution. It uses Marsaglia's polar form of the
 *                         Box-Muller method. It does not call log(), because the last bit of log(x) differs between C
 *                         libraries.
 *
 * The functions allocate no memory and use no locks. Only one thread at a time may use a struct lade_random.
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

/*
 * Helpers for tests of training: temporary files, predictions that show whether two nets are equal, and complete runs.
 */
#ifndef LADE_TESTS_TRAIN_RUN_H
#define LADE_TESTS_TRAIN_RUN_H

#include "support/train_toy.h"

/* ---- Files ------------------------------------------------------------------------------------------------------- */

/* The path of a temporary folder, and the paths of two files in this folder. The fixture toy_make_files() creates the
   folder. A test may create the two files. The fixture toy_remove_files() removes the files and the folder. */
static char toy_folder[64], toy_path[96], toy_other_path[96];

static inline void toy_make_files(void) {
    toy_make_folder(toy_folder, sizeof toy_folder);
    snprintf(toy_path, sizeof toy_path, "%s/net.safetensors", toy_folder);
    snprintf(toy_other_path, sizeof toy_other_path, "%s/other.safetensors", toy_folder);
}

static inline void toy_remove_files(void) {
    unlink(toy_path);
    unlink(toy_other_path);
    ck_assert_msg(rmdir(toy_folder) == 0, "%s still contains files", toy_folder);
}

/* Returns the contents of a file, which the caller frees with free(). */
static inline char *toy_read_file(const char *name, size_t *size) {
    enum { MOST = 1 << 20 };
    FILE *f = fopen(name, "rb");
    ck_assert_msg(f != NULL, "%s cannot be opened", name);
    char *bytes = (char *)calloc(1, MOST);
    *size = fread(bytes, 1, MOST - 1, f);
    fclose(f);
    ck_assert_uint_lt(*size, MOST - 1);
    return bytes;
}

static inline bool toy_same_files(const char *a, const char *b) {
    size_t a_size, b_size;
    char *a_bytes = toy_read_file(a, &a_size), *b_bytes = toy_read_file(b, &b_size);
    bool same = a_size == b_size && memcmp(a_bytes, b_bytes, a_size) == 0;
    free(a_bytes);
    free(b_bytes);
    return same;
}

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

/* Checks the status and the error that a function has returned, and clears *err. */
static inline void ck_assert_error(int status, struct lade_error *err, int code, const char *subject) {
    ck_assert_msg(status == code && err->code == code, "status %d, expected %d: %s", status, code, err->message);
    ck_assert_str_eq(err->subject, subject);
    ck_assert_str_ne(err->message, "");
    *err = (struct lade_error){0};
}

/* ---- Runs -------------------------------------------------------------------------------------------------------- */

enum { TOY_POINTS = 25, TOY_PREDICTIONS = 3 * TOY_POINTS };

/* Stores the predictions of a net with three outputs for a grid of points. Tests use the predictions to compare nets,
 * because nets with different parameters have different predictions. */
static inline void toy_predict(lade_net *net, float out[TOY_PREDICTIONS]) {
    float grid[TOY_POINTS][2];
    for (int i = 0; i < TOY_POINTS; i++) {
        grid[i][0] = (float)(i % 5 - 2);
        grid[i][1] = (float)(i / 5 - 2);
    }
    struct lade_tensor *x = lade_tensor_wrap(grid, LADE_FLOAT32, 2, (int64_t[]){TOY_POINTS, 2}, NULL, NULL);
    ck_assert_int_eq(lade_net_predict(net, x, out, NULL), LADE_OK);
    lade_tensor_unref(x);
}

/* Runs lade_fit() to its end, or until an error occurs. Returns the error; its code is 0 if no error occurred. Stores
 * the last metrics in *last. @last may be NULL. */
static inline struct lade_error toy_run_to_error(lade_net *net, struct lade_source source,
                                                 const struct lade_fit_options *options, struct lade_metrics *last) {
    struct lade_error err = {0};
    lade_for_each (m, lade_fit(net, source, options), &err) {
        if (last)
            *last = *m;
    }
    return err;
}

/* Runs lade_fit() to its end. The test fails if an error occurs. Returns the last metrics. */
static inline struct lade_metrics toy_run(lade_net *net, struct toy *toy, const struct lade_fit_options *options) {
    struct lade_metrics last = {0};
    struct lade_error err = toy_run_to_error(net, toy_source(toy), options, &last);
    ck_assert_msg(err.code == LADE_OK, "%s", err.message);
    return last;
}

/* This is the function lade_source.next of a source that always returns the same batch, @ctx. */
static inline int toy_same_batch(void *ctx, struct lade_batch **out, struct lade_error *err) {
    (void)err;
    *out = lade_batch_ref((struct lade_batch *)ctx);
    return LADE_OK;
}

/* ---- Steps ------------------------------------------------------------------------------------------------------- */

static inline lade_trainer *toy_trainer(lade_net *net, const struct lade_trainer_options *options) {
    struct lade_error err = {0};
    lade_trainer *t = lade_trainer_new(net, options, &err);
    ck_assert_msg(t != NULL, "%s", err.message);
    return t;
}

/* The test fails if @status is not LADE_OK. */
static inline void toy_check(int status, const struct lade_error *err) {
    ck_assert_msg(status == LADE_OK, "%s", err->message);
}

/* Returns the next batch, which the caller releases with lade_batch_unref(). */
static inline struct lade_batch *toy_next_batch(struct toy *toy) {
    struct lade_error err = {0};
    struct lade_batch *b;
    toy_check(toy_next(toy, &b, &err), &err);
    return b;
}

/* Computes the gradient of the next batch. */
static inline void toy_backward(lade_trainer *t, struct toy *toy) {
    struct lade_error err = {0};
    struct lade_batch *b = toy_next_batch(toy);
    toy_check(lade_trainer_backward(t, b, &err), &err);
    lade_batch_unref(b);
}

#endif

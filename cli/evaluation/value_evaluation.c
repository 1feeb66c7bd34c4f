/*
 * Predicts the images of a stream, and stores all predictions, because the average precision sorts all predictions of a
 * label by value.
 */
#include "evaluation/value_evaluation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/stream_report.h"
#include "terminal/exit_code.h"
#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/progress.h"
#include "terminal/terminal.h"
#include "terminal/text.h"

static void *resize(void *block, int64_t count, size_t size) {
    block = realloc(block, (size_t)count * size);
    if (!block)
        out_die("out of memory");
    return block;
}

/* Makes space for @more rows. */
static void reserve(struct value_evaluation *e, int64_t more) {
    if (e->count + more <= e->capacity)
        return;
    e->capacity = 2 * e->capacity + more + 64;
    e->samples = resize(e->samples, e->capacity, sizeof *e->samples);
    e->truths = resize(e->truths, e->capacity * e->columns, sizeof *e->truths);
    e->values = resize(e->values, e->capacity * e->columns, sizeof *e->values);
}

/* Adds the rows of a batch. */
static int add_batch(struct value_evaluation *e, const struct lade_batch *b, struct lade_error *err) {
    reserve(e, b->n + 1);
    int status = lade_net_predict(e->net, b->x, e->values + e->count * e->columns, err);
    if (status < 0 || b->n == 0)
        return status;
    memcpy(e->samples + e->count, b->indices, (size_t)b->n * sizeof *e->samples);
    memcpy(e->truths + e->count * e->columns, lade_tensor_data(b->y), (size_t)(b->n * e->columns) * sizeof *e->truths);
    e->count += b->n;
    return LADE_OK;
}

static bool is_exact(const struct value_evaluation *e, int64_t row) {
    for (int64_t i = row * e->columns; i < (row + 1) * e->columns; i++)
        if ((e->truths[i] >= 0.5f) != (e->values[i] >= 0.5f))
            return false;
    return true;
}

/* Returns the loss of a row, as in enum lade_loss. */
static double loss_of(const struct value_evaluation *e, int64_t row) {
    double sum = 0;
    for (int64_t i = row * e->columns; i < (row + 1) * e->columns; i++) {
        double y = (double)e->truths[i], p = (double)e->values[i];
        sum += e->task == TASK_NUMBERS ? (p - y) * (p - y) : y * net_log_loss(p) + (1 - y) * net_log_loss(1 - p);
    }
    return sum / (double)e->columns;
}

/* NaN comes first. Rows with equal losses have the order of the samples. */
static int compare_losses(const void *a, const void *b) {
    const struct value_loss *x = a, *y = b;
    int nan = (isnan(y->loss) != 0) - (isnan(x->loss) != 0);
    int order = nan ? nan : (y->loss > x->loss) - (y->loss < x->loss);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static void sort_rows(struct value_evaluation *e) {
    e->losses = text_alloc((size_t)e->count + 1, sizeof *e->losses);
    for (int64_t i = 0; i < e->count; i++) {
        e->losses[i] = (struct value_loss){i, loss_of(e, i)};
        e->exact += e->task == TASK_LABELS && is_exact(e, i);
    }
    qsort(e->losses, (size_t)e->count, sizeof *e->losses, compare_losses);
}

static void begin(struct value_evaluation *e) {
    e->task = net_task(e->net);
    e->columns = lade_net_info(e->net)->outputs;
    if (!e->names) {
        e->numbers = text_alloc((size_t)e->columns + 1, sizeof *e->numbers);
        for (int64_t j = 0; j < e->columns; j++)
            e->numbers[j] = text_printf("%lld", (long long)j);
        e->names = (const char *const *)e->numbers;
    }
    if (e->progress)
        progress_start(e->progress, lade_flow_samples(e->flow), "img");
}

int value_evaluation_run(struct value_evaluation *e) {
    int64_t steps = lade_flow_steps(e->flow);
    struct lade_error err = {0};
    double start = terminal_now();
    begin(e);
    lade_for_each (b, lade_flow_batches(e->flow), &err) {
        if (add_batch(e, b, &err) < 0)
            break;
        if (e->progress)
            progress_show(e->count, NULL);
        if (b->step + 1 == steps || interrupted())
            break;
    }
    sort_rows(e);
    e->seconds = terminal_now() - start;
    if (e->progress)
        progress_end();
    if (interrupted())
        return EXIT_INTERRUPTED;
    if (err.code)
        stream_print_error(&err, e->source->path, e->stream);
    else if (e->count == 0)
        out_error("%s: all images are invalid files; lade scan --check lists them", e->source->path);
    return err.code || e->count == 0 ? EXIT_FAILED : EXIT_OK;
}

void value_evaluation_release(struct value_evaluation *e) {
    free(e->samples);
    free(e->truths);
    free(e->values);
    free(e->losses);
    net_names_free(e->numbers);
    *e = (struct value_evaluation){0};
}

struct score_column value_column(const struct value_evaluation *e, int64_t j) {
    return (struct score_column){e->truths + j, e->values + j, e->count, e->columns};
}

/* Returns the fraction of the labels that are predicted correctly. */
static double label_accuracy(const struct value_evaluation *e) {
    int64_t right = 0, all = e->count * e->columns;
    for (int64_t i = 0; i < all; i++)
        right += (e->truths[i] >= 0.5f) == (e->values[i] >= 0.5f);
    return (double)right / (double)all;
}

struct value_metrics value_metrics(const struct value_evaluation *e) {
    struct value_metrics m = {0, NAN, NAN, NAN, NAN, NAN};
    double sums[3] = {0};
    int64_t labels = 0; /* number of labels that at least one image has */
    for (int64_t i = 0; i < e->count; i++)
        m.loss += e->losses[i].loss / (double)e->count;
    for (int64_t j = 0; j < e->columns; j++) {
        struct score_column c = value_column(e, j);
        double precision = e->task == TASK_LABELS ? score_average_precision(&c) : (double)NAN;
        labels += isfinite(precision) != 0;
        sums[0] += isfinite(precision) ? precision : 0;
        sums[1] += score_mean_error(&c) / (double)e->columns;
        sums[2] += score_r2(&c) / (double)e->columns;
    }
    if (e->task == TASK_LABELS) {
        m.accuracy = label_accuracy(e);
        m.exact = (double)e->exact / (double)e->count;
        m.mean_average_precision = labels ? sums[0] / (double)labels : (double)NAN;
    } else {
        m.mae = sums[1];
        m.r2 = sums[2];
    }
    return m;
}

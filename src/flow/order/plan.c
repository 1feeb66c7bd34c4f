/*
 * Checks and copies plans. All values are checked when a plan is submitted. A worker checks only one more value of a
 * plan: whether a crop is inside its image. The size of the image is not known before a worker reads the image.
 */
#include "flow/order/plan.h"

#include <string.h>

#include "base/option.h"
#include "image/augment/options.h"

/* ---- Checks ------------------------------------------------------------------------------------------------------ */

static int out_of_range(struct lade_error *err, const char *field, int64_t value, int64_t most) {
    return lade_error_set_subject(err, LADE_EINVAL, field, "%s of the plan is %lld: it must be 0 to %lld", field,
                                  (long long)value, (long long)most);
}

static int check_numbers(const struct lade_plan *p, const struct lade__flow_plan_limits *l, struct lade_error *err) {
    const int64_t most = INT64_C(1) << 53;

    if (p->n < 0 || p->n > l->rows)
        return out_of_range(err, "n", p->n, l->rows);
    if (p->epoch < 0 || p->epoch > UINT32_MAX)
        return out_of_range(err, "epoch", p->epoch, UINT32_MAX);
    if (p->step < 0 || p->step > most)
        return out_of_range(err, "step", p->step, most);
    if (p->position < 0 || p->position > most)
        return out_of_range(err, "position", p->position, most);
    return LADE__RESERVED_CHECK(p, "lade_plan", err);
}

static int check_arrays(const struct lade_plan *p, const struct lade__flow_plan_limits *l, struct lade_error *err) {
    if (p->n && !p->samples)
        return lade_error_set_subject(err, LADE_EINVAL, "samples", "samples of the plan must not be NULL");
    if (p->transforms && l->fixed)
        return lade_error_set_subject(err, LADE_EINVAL, "transforms",
                                      "the plan has transforms, but the samples are float32: transforms need uint8");
    if (p->crops && !l->random_crop)
        return lade_error_set_subject(err, LADE_EINVAL, "crops",
                                      "the plan has crops, but the option crop is not random");
    return LADE_OK;
}

static int check_row(const struct lade_plan *p, int64_t i, const struct lade__flow_plan_limits *l,
                     struct lade_error *err) {
    const struct lade_box *crop = p->crops ? &p->crops[i] : NULL;
    struct lade_error cause = {0};

    if (p->samples[i] < 0 || p->samples[i] >= l->samples)
        return lade_error_set_subject(err, LADE_EINVAL, "samples", "samples[%lld] is %lld: it must be 0 to %lld",
                                      (long long)i, (long long)p->samples[i], (long long)l->samples - 1);
    if (crop && (crop->x < 0 || crop->y < 0 || crop->width < 1 || crop->height < 1))
        return lade_error_set_subject(
            err, LADE_EINVAL, "crops",
            "crops[%lld] is %d, %d, %d, %d: x and y must be at least 0, and the width and the "
            "height at least 1",
            (long long)i, crop->x, crop->y, crop->width, crop->height);
    if (p->transforms && lade__transform_check(&p->transforms[i], l->height, l->width, &cause) < 0)
        return lade_error_set_subject(err, LADE_EINVAL, cause.subject, "transforms[%lld]: %s", (long long)i,
                                      cause.message);
    return LADE_OK;
}

/* ---- The copy ---------------------------------------------------------------------------------------------------- */

/* Copies @n elements of @size bytes to *end and sets *end to the end of the copy. Returns the copy, or NULL if @array
   is NULL or @n is 0. */
static const void *copy(char **end, const void *array, int64_t n, size_t size) {
    char *to = *end;

    if (!array || !n)
        return NULL;
    memcpy(to, array, (size_t)n * size);
    *end += (size_t)n * size;
    return to;
}

struct lade__flow_plan *lade__flow_plan_new(const struct lade_plan *given, const struct lade__flow_plan_limits *limits,
                                            struct lade_error *err) {
    int64_t n = given->n;
    int status = check_numbers(given, limits, err);

    if (status == LADE_OK)
        status = check_arrays(given, limits, err);
    for (int64_t i = 0; status == LADE_OK && i < n; i++)
        status = check_row(given, i, limits, err);
    if (status < 0)
        return NULL;
    size_t row = sizeof *given->transforms + sizeof *given->crops + 3 * sizeof(int64_t);
    struct lade__flow_plan *plan = lade_alloc(sizeof *plan + (size_t)n * row);
    if (!plan) {
        lade_error_set_subject(err, LADE_ENOMEM, "n", "no memory for a plan of %lld rows", (long long)n);
        return NULL;
    }
    char *end = (char *)(plan + 1); /* the arrays with the strictest alignment come first */
    *plan = (struct lade__flow_plan){.given = *given};
    plan->given.transforms = copy(&end, given->transforms, n, sizeof *given->transforms);
    plan->given.samples = copy(&end, given->samples, n, sizeof *given->samples);
    plan->given.seeds = copy(&end, given->seeds, n, sizeof *given->seeds);
    plan->given.draws = copy(&end, given->draws, n, sizeof *given->draws);
    plan->given.crops = copy(&end, given->crops, n, sizeof *given->crops);
    return plan;
}

void lade__flow_plan_free(struct lade__flow_plan *plan) {
    lade_free(plan);
}

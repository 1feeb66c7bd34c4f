/*
 * train/fit/optimizer.c - checks the options of an optimizer, allocates its states and begins its updates. The
 * differences between optimizers are in the table of optimizer_kinds.c.
 */
#include "train/fit/optimizer.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/option.h"

/* ---- Options ----------------------------------------------------------------------------------------------------- */

#define AT(field) #field, offsetof(struct lade_optimizer, field)

const struct lade__hyperparameter lade__hyperparameters[LADE__HYPERPARAMETERS] = {
    {AT(lr)},
    {AT(momentum), .below_1 = true},
    {AT(nesterov), .is_flag = true},
    {AT(weight_decay)},
    {AT(rho), .below_1 = true, .unused = .99f},
    {AT(beta_1), .below_1 = true, .unused = .9f},
    {AT(beta_2), .below_1 = true, .unused = .999f},
    {AT(epsilon), .unused = 1e-8f},
};

double lade__hyperparameter_get(const struct lade_optimizer *o, int i) {
    const void *at = (const char *)o + lade__hyperparameters[i].offset;
    return lade__hyperparameters[i].is_flag ? *(const bool *)at : (double)*(const float *)at;
}

static void set_number(struct lade_optimizer *o, int i, float value) {
    *(float *)(void *)((char *)o + lade__hyperparameters[i].offset) = value;
}

static int check_between(const char *name, double value, bool below_1, struct lade_error *err) {
    if (value >= 0 && value < (below_1 ? 1 : (double)INFINITY))
        return LADE_OK;
    return lade_error_set_subject(err, LADE_EINVAL, name, "optimizer: %s is %g; it must be 0 or more, and %s", name,
                                  value, below_1 ? "below 1" : "finite");
}

int lade__learning_rate_check(double lr, struct lade_error *err) {
    return check_between("lr", lr, false, err);
}

static bool takes(const struct lade_optimizer_info *info, const char *name) {
    const char *const *taken = info->hyperparameters;
    while (*taken && strcmp(*taken, name) != 0)
        taken++;
    return *taken != NULL;
}

/* Replaces the value 0 of hyper-parameter @i by the default, and the value LADE_OFF by 0. Checks the result. */
static int resolve(struct lade_optimizer *o, const struct lade_optimizer_info *info, int i, struct lade_error *err) {
    const struct lade__hyperparameter *h = &lade__hyperparameters[i];
    double value = lade__hyperparameter_get(o, i);
    bool used = takes(info, h->name);
    if (!used && value != 0 && value != (double)LADE_OFF)
        return lade_error_set_subject(err, LADE_EINVAL, h->name, "optimizer: %s does not use %s, which must be 0",
                                      info->name, h->name);
    if (h->is_flag)
        return LADE_OK;
    if (value == 0)
        set_number(o, i, used ? (float)lade__hyperparameter_get(&info->defaults, i) : h->unused);
    else if (value == (double)LADE_OFF)
        set_number(o, i, 0);
    return check_between(h->name, lade__hyperparameter_get(o, i), h->below_1, err);
}

static int resolve_all(struct lade_optimizer *o, const struct lade_optimizer_info *info, struct lade_error *err) {
    int status = LADE_OK;
    for (int i = 0; i < LADE__HYPERPARAMETERS && status == LADE_OK; i++)
        status = resolve(o, info, i, err);
    if (status == LADE_OK && o->nesterov && o->momentum == 0)
        status = lade_error_set_subject(err, LADE_EINVAL, "nesterov",
                                        "optimizer: nesterov needs a momentum above 0; 0.9 is usual");
    return status;
}

/* ---- States ------------------------------------------------------------------------------------------------------ */

static bool needs_state(const struct lade__optimizer *o, int state) {
    return o->kind->states[state].name && (!o->kind->states[state].for_momentum || o->options.momentum != 0);
}

int lade__optimizer_init(struct lade__optimizer *o, const struct lade_optimizer *options, size_t floats,
                         struct lade_error *err) {
    *o = (struct lade__optimizer){.options = *options, .kind = lade__optimizer_kind(options->kind)};
    if (!o->kind)
        return lade_error_set_subject(err, LADE_EINVAL, "optimizer", "optimizer: kind is %d; it must be 0 to %d",
                                      (int)options->kind, LADE_OPTIMIZER_COUNT - 1);
    int status = LADE__RESERVED_CHECK(options, "lade_optimizer", err);
    if (status == LADE_OK)
        status = resolve_all(&o->options, &o->kind->info, err);
    for (int i = 0; i < LADE__OPTIMIZER_STATES && status == LADE_OK; i++) {
        if (!needs_state(o, i))
            continue;
        o->states[i] = lade_alloc_aligned(floats * sizeof(float));
        if (o->states[i])
            memset(o->states[i], 0, floats * sizeof(float));
        else
            status = lade_error_set(err, LADE_ENOMEM, "no memory for the optimizer's state");
    }
    if (status < 0)
        lade__optimizer_release(o);
    return status;
}

void lade__optimizer_release(struct lade__optimizer *o) {
    for (int i = 0; i < LADE__OPTIMIZER_STATES; i++)
        lade_free_aligned(o->states[i]);
    *o = (struct lade__optimizer){0};
}

/* ---- An update --------------------------------------------------------------------------------------------------- */

struct lade__update lade__optimizer_begin(struct lade__optimizer *o, double lr, float scale, float limit) {
    struct lade__update u = {.lr = lr, .scale = scale, .limit = limit, .rate = (float)lr};
    o->updates++;
    if (o->kind->prepare)
        o->kind->prepare(&o->options, (double)o->updates, &u);
    return u;
}

bool lade__optimizer_apply(const struct lade__optimizer *o, const struct lade__update *u, float *values,
                           const float *gradients, size_t begin, size_t end) {
    return o->kind->apply(o, u, values, gradients, begin, end);
}

/*
 * Checks and copies a plan, in which a program chooses the samples of a batch and their random changes.
 */
#ifndef LADE_SRC_FLOW_ORDER_PLAN_H
#define LADE_SRC_FLOW_ORDER_PLAN_H

#include <lade/flow.h>

/* The limits for the values of a plan. */
struct lade__flow_plan_limits {
    int64_t samples;   /* number of samples of the flow */
    int64_t rows;      /* largest number of rows of a batch */
    int height, width; /* size of a sample in pixels */
    bool random_crop;  /* the option crop is random */
    bool fixed;        /* the pixels of the samples are floats, which transforms cannot change */
};

/* A copy of a plan. The arrays of `given` are part of the same allocation. */
struct lade__flow_plan {
    struct lade_plan given;
    struct lade__flow_plan *next; /* the plan that was submitted after this one */
};

/*
 * lade__flow_plan_new()  - checks and copies @given. On an error, fills @err with LADE_EINVAL or LADE_ENOMEM and
 *                          returns NULL.
 * lade__flow_plan_free() - frees a plan. NULL is allowed.
 */
struct lade__flow_plan *lade__flow_plan_new(const struct lade_plan *given, const struct lade__flow_plan_limits *limits,
                                            struct lade_error *err);
void lade__flow_plan_free(struct lade__flow_plan *plan);

#endif

/*
 * The matrix of ZCA whitening: samples are added, then the inverse root of what they have in common is taken.
 */
#ifndef LADE_FLOW_STATISTICS_WHITENING_H
#define LADE_FLOW_STATISTICS_WHITENING_H

#include <lade/flow.h>

struct lade__whiten;

/*
 * lade__whiten_new()    - for samples of @values floats in @channels; NULL: no memory. @values^2 doubles.
 * lade__whiten_free()   - NULL is fine.
 * lade__whiten_add()    - @count more samples, one behind the other. Cost: values^2 for each.
 * lade__whiten_values() - @values.
 * lade__whiten_matrix() - *@out = the (values, values) matrix for samples less the @mean of their channel, to
 * lade_free(). What was added is gone. LADE_OK or LADE_ENOMEM. Cost: about 12 values^3.
 */
struct lade__whiten *lade__whiten_new(int values, int channels, enum lade_data_format format, double epsilon);
void lade__whiten_free(struct lade__whiten *w);
void lade__whiten_add(struct lade__whiten *w, const float *samples, int64_t count);
int lade__whiten_values(const struct lade__whiten *w);
int lade__whiten_matrix(struct lade__whiten *w, const double mean[4], float **out, struct lade_error *err);

#endif

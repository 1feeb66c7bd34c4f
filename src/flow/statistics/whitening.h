/*
 * The matrix of ZCA whitening: samples are added, then the inverse root of what they have in common is taken.
 */
#ifndef LADE_FLOW_STATISTICS_WHITENING_H
#define LADE_FLOW_STATISTICS_WHITENING_H

#include <lade/flow.h>

struct lade__whitening;

/*
 * lade__whitening_new()    - for samples of @values floats in @channels; NULL: no memory. @values^2 doubles.
 * lade__whitening_free()   - NULL is fine.
 * lade__whitening_add()    - @count more samples, one behind the other. Cost: values^2 for each.
 * lade__whitening_values() - @values.
 * lade__whitening_matrix() - *@out = the (values, values) matrix for samples less the @mean of their channel, to
 * lade_free(). What was added is gone. LADE_OK or LADE_ENOMEM. Cost: about 12 values^3.
 */
struct lade__whitening *lade__whitening_new(int values, int channels, enum lade_data_format format, double epsilon);
void lade__whitening_free(struct lade__whitening *w);
void lade__whitening_add(struct lade__whitening *w, const float *samples, int64_t count);
int lade__whitening_values(const struct lade__whitening *w);
int lade__whitening_matrix(struct lade__whitening *w, const double mean[4], float **out, struct lade_error *err);

#endif

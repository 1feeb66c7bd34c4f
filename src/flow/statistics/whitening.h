/*
 * Computes the matrix of ZCA whitening from the sums of products of the samples.
 */
#ifndef LADE_SRC_FLOW_STATISTICS_WHITENING_H
#define LADE_SRC_FLOW_STATISTICS_WHITENING_H

#include <lade/flow.h>

struct lade__whitening;

/*
 * lade__whitening_new()    - allocates memory for samples that have @values values in @channels channels. Returns NULL
 *                            if out of memory. Memory: values^2 doubles.
 * lade__whitening_free()   - frees the memory. NULL is allowed.
 * lade__whitening_add()    - adds @count samples, which follow each other in memory. Cost: values^2 for each sample.
 * lade__whitening_values() - returns the number of values of a sample.
 * lade__whitening_matrix() - computes the (values, values) matrix for samples from which the @mean of each channel was
 *                            subtracted. The caller frees *out with lade_free(). The function can be called once.
 *                            Returns LADE_OK, LADE_ENOMEM or LADE_ERUNTIME. Cost: about 12 values^3 operations.
 */
struct lade__whitening *lade__whitening_new(int values, int channels, enum lade_data_format format, double epsilon);
void lade__whitening_free(struct lade__whitening *w);
void lade__whitening_add(struct lade__whitening *w, const float *samples, int64_t count);
int lade__whitening_values(const struct lade__whitening *w);
int lade__whitening_matrix(struct lade__whitening *w, const double mean[4], float **out, struct lade_error *err);

#endif

/*
 * Computes the eigenvalues and eigenvectors of a symmetric matrix, for ZCA whitening. LAPACK is not used, because the
 * last bits of its results depend on the BLAS library and on the CPU; see docs/decisions.md.
 */
#ifndef LADE_SRC_FLOW_STATISTICS_EIGEN_H
#define LADE_SRC_FLOW_STATISTICS_EIGEN_H

#include <stddef.h>

/*
 * lade__eigen() - stores the eigenvalues of @a in @values, in no particular order, and the eigenvectors in the rows of
 * @vectors.
 *
 * @a        (n, n), symmetric; its content is destroyed
 * @vectors  (n, n)
 *
 * Returns LADE_OK, LADE_ENOMEM, or LADE_ERUNTIME if the algorithm does not converge because @a has values that are not
 * finite. Cost: about 10 n^3 floating-point operations.
 */
int lade__eigen(double *a, size_t n, double *values, double *vectors);

#endif

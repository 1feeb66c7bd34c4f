/*
 * Eigenvalues and eigenvectors of a symmetric matrix. Of our own because a BLAS gives other last bits on other
 * machines, and this is needed for one thing only.
 */
#ifndef LADE_FLOW_STATISTICS_EIGEN_H
#define LADE_FLOW_STATISTICS_EIGEN_H

#include <stddef.h>

/*
 * lade__eigen() - the eigenvalues of @a, in no order, to @values, and the eigenvectors to the rows of @vectors.
 *
 * @a        (n, n), symmetric; lost
 * @vectors  (n, n)
 * @scratch  2 * n doubles
 *
 * LADE_OK, or LADE_ERUNTIME: it did not converge (a matrix with numbers that are not finite). Cost: about 10 n^3.
 */
int lade__eigen(double *a, size_t n, double *values, double *vectors, double *scratch);

#endif

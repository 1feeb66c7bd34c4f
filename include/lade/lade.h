/*
 * lade/lade.h - the core in one include: status and errors, generators, sources and combinators, N-d arrays, containers
 * and reducers. Links with -llade. Images, training and MPI have headers of their own.
 */
#ifndef LADE_LADE_H
#define LADE_LADE_H

#include <lade/base.h>
#include <lade/gen.h>
#include <lade/iter.h>
#include <lade/tensor.h>
#include <lade/collect.h>

#endif

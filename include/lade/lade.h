/*
 * lade/lade.h - includes the headers for generators and arrays: status and errors, generators, sources and combinators,
 * N-d arrays, containers and reducers, the functions of itertools. Link with -llade. Streams of images (flow.h, image.h) and training (train.h) have
 * headers and libraries of their own.
 */
#ifndef LADE_LADE_H
#define LADE_LADE_H

#include <lade/base.h>
#include <lade/gen.h>
#include <lade/iter.h>
#include <lade/tensor.h>
#include <lade/collect.h>
#include <lade/itertools.h>

#endif

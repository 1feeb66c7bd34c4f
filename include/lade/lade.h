/*
 * lade/lade.h - includes the headers for errors, generators, sources, combinators, N-dimensional arrays, containers,
 * reducers and the functions of itertools. Link with -llade. Streams of images (flow.h, image.h) and training (train.h)
 * have their own headers and libraries.
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

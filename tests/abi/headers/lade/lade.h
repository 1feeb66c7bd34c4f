#ifndef LADE_LADE_H
#define LADE_LADE_H
#include <lade/base.h>
#include <lade/gen.h>
#include <lade/iter.h>
#include <lade/tensor.h>
#include <lade/collect.h>
#include <lade/itertools.h>
#endif

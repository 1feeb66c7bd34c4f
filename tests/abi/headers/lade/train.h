#ifndef LADE_TRAIN_H
#define LADE_TRAIN_H
#include <lade/base.h>
#include <lade/batch.h>
#include <lade/gen.h>
#include <lade/tensor.h>
#include <lade/train/cancel.h>
#include <lade/train/file.h>
#include <lade/train/fit.h>
#include <lade/train/net.h>
#include <lade/train/optimizer.h>
#include <lade/train/parameter.h>
#include <lade/train/step.h>
#endif

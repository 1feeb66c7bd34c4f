/*
 * lade/train.h - trains a net from a source of batches.
 *
 *     struct lade_error err = {0};
 *     lade_net *net = lade_net_new("dense 512, relu, dense 10", 3, (int64_t[]){32, 32, 3}, NULL, &err);
 *
 *     lade_for_each (m, lade_fit(net, train, &(struct lade_fit_options){
 *             .optimizer = {LADE_SGD, .lr = .05f, .momentum = .9f, .nesterov = true},
 *             .epochs = 10, .validation = test, .checkpoint = "net.safetensors"}), &err)
 *         printf("epoch %d loss %.3f val %.3f\n", m->epoch, m->loss, m->val_accuracy);
 *
 * A training run is a generator of metrics. Callbacks are not necessary: the body of the loop can print the progress,
 * stop early with break, or change the learning rate m->lr. The library oneDNN computes the layers.
 */
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
#include <lade/train/option.h>
#include <lade/train/parameter.h>
#include <lade/train/step.h>

#endif

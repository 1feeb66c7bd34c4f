#!/bin/sh
# Tests of lade train: optimisers, schedules, losses, layers and early stopping.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
run synth shapes --class-count 3 --per-class 60 --size 32x32 --seed 1
expect 0
form='--net mlp --target-size 16x16 --color-mode grayscale --seed 1'

# Optimisers, schedules, losses, a convolutional net, and early stopping.
# shellcheck disable=SC2086
run train shapes $form --epochs 4 --net 'conv 8 3, batchnorm, relu, maxpool 2, conv 8 3 same, relu, globalavgpool, dense 3' \
    --optimizer adam --lr 0.02 --schedule cosine --warmup 5 --label-smoothing 0.1 --class-weight balanced \
    --global-clipnorm 1 --clipvalue 0.5 --accumulate 2 --json
expect 0
silent
json 'd["epochs"][3]["loss"] < d["epochs"][0]["loss"]' 'd["epochs"][3]["lr"] < 0.005 < d["epochs"][0]["lr"]' \
    'd["parameters"] == 9 * 8 + 8 + 16 + 9 * 64 + 8 + 27' 'not d["stopped_early"]'
# shellcheck disable=SC2086
run train shapes $form --epochs 30 --optimizer rmsprop --lr 0.3 --patience 1 --json
expect 0
json 'd["stopped_early"] and len(d["epochs"]) < 30'
# shellcheck disable=SC2086
run train shapes $form --epochs 2 --loss mean-squared-error --optimizer adamw --full-batch --class-weight 1,1,1 --json
expect 2 class_weight
# shellcheck disable=SC2086
run train shapes --target-size 32x32 --seed 1 --epochs 1 --steps-per-epoch 1 --batch-size 8 --net cnn --data-format channels_first --json
expect 0
json '"dense 512, relu, dropout 0.5, dense 3" in d["net"]'

# A net with branches is saved and loaded.
# shellcheck disable=SC2086
run train shapes $form --epochs 2 --net 'conv 8 3 same, residual(conv 8 3 same, relu | ), maxpool 4, concat(conv 8 1, relu | ), dense 3' \
    --optimizer adam --lr 0.01 --out branches.safetensors --json
expect 0
json 'd["epochs"][1]["loss"] < d["epochs"][0]["loss"]' '"concat(conv 8 1, relu | )" in d["net"]'
run eval branches.safetensors shapes --json
expect 0
json 'd["accuracy"] > 0.4'
run train shapes --epochs 1 --net 'conv 8 3 same, residual(conv 9 3 same)' --target-size 8x8
expect 2 --net 'layer 1' 8x8x9 8x8x8

# Options that exclude or need each other.
run train shapes --resume
expect 2 --resume --out
run train shapes --optimizer adam --momentum 0.9
expect 2 --momentum adam
run train shapes --class-weight 1,2 --epochs 1
expect 2 --class-weight 3
run train shapes --epochs 1 --net 'conv 3 999'
expect 2 --net 'conv 3 999'

# The value 0 means 0 and not the default. An option is refused if it belongs to another schedule, loss or kind of
# validation.
# shellcheck disable=SC2086
for decay in '' '--weight-decay 0' '--weight-decay 0.01'; do
    run train shapes $form --epochs 1 --optimizer adamw $decay --out "decay$decay.safetensors" --json
    expect 0
done
cmp -s 'decay.safetensors' 'decay--weight-decay 0.01.safetensors' || fail "the default weight decay of adamw is not 0.01"
if cmp -s 'decay.safetensors' 'decay--weight-decay 0.safetensors'; then fail "--weight-decay 0 has the effect of the default"; fi
run train shapes --beta-1 0 --optimizer adam --epochs 1 --target-size 8
expect 0
run train shapes --net mlp --schedule-epochs 2
expect 2 --schedule-epochs constant
run train shapes --schedule cosine --schedule-factor 0.5
expect 2 --schedule-factor cosine
run train shapes --loss binary-cross-entropy
expect 2 '--loss binary-cross-entropy' --class-mode
run train shapes --loss mean-squared-error --class-mode binary
expect 2 '--loss mean-squared-error'
run train shapes --validation shapes --validation-split 0.3
expect 2 --validation --validation-split

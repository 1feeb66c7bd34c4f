#!/bin/sh
# Tests of lade train with a directory whose folders are the parts of a data set.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
run synth shapes --class-count 2 --per-class 20 --size 32x32 --seed 1
expect 0
form='--net mlp --target-size 8x8 --epochs 1'
mkdir root
cp -r shapes root/train
cp -r shapes root/val
rm root/val/*/000*
cp -r shapes root/test

# The parts are used, and the message names them.
# shellcheck disable=SC2086
run train root $form --json
expect 0 root train val
json 'd["classes"] == 2' 'd["images"] == 40' 'd["held_out"] == 20'
mv root/val root/validation
# shellcheck disable=SC2086
run train root $form --json
expect 0 validation
json 'd["images"] == 40' 'd["held_out"] == 20'
# shellcheck disable=SC2086
run train root/train $form
expect 0
grep -q validation err && fail "a part is taken for a data set"

# If the choice is not clear, the message names the folders and the option.
# shellcheck disable=SC2086
run train root $form --validation-split 0.5
expect 2 root/train --validation
# shellcheck disable=SC2086
run train root $form --validation root/test
expect 2 root/train --validation
mkdir root/validation/hexagon
# shellcheck disable=SC2086
run train root $form
expect 2 train validation --validation
rm -r root/validation
# shellcheck disable=SC2086
run train root $form
expect 2 root/train --validation
rm -r root/train
cp -r root/test root/eval
# shellcheck disable=SC2086
run train root $form
expect 2 root --validation

# Folders that are not classes are ignored, and classes without a folder are reported, in train and in eval.
cp -r shapes other
mkdir other/hexagon
cp shapes/circle/*0.* other/hexagon
# shellcheck disable=SC2086
run train shapes $form --validation other --out net.safetensors
expect 0 warning other hexagon
run eval net.safetensors other
expect 0 warning other hexagon
rm -r other/circle
run eval net.safetensors other
expect 0 warning other hexagon circle
# shellcheck disable=SC2086
run train shapes $form --validation other
expect 2 warning other hexagon circle --validation
mkdir other/circle
# shellcheck disable=SC2086
run train shapes $form --validation other
expect 0 warning other hexagon circle

# With --classes, the folders are classes.
cp -r shapes/* root/test
# shellcheck disable=SC2086
run train root $form --classes test,eval --json
expect 0
json 'd["classes"] == 2'

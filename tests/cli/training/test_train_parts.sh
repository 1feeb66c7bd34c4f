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
grep -q validation err && fail "a part is treated as a data set with parts"

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

# Images of other classes are left out, and classes may be without images or without a folder. Train and eval print the
# same warnings.
cp -r shapes other
mkdir other/hexagon
cp shapes/circle/*0.* other/hexagon
left=$(find other/hexagon -type f | wc -l)
# shellcheck disable=SC2086
run train shapes $form --validation other --out net.safetensors --json
expect 0 "warning: other has 1 class that the net does not have: hexagon; images left out: $left"
json 'd["held_out"] == 40'
run eval net.safetensors other --json
expect 0 "warning: other has 1 class that the net does not have: hexagon; images left out: $left"
json 'd["images"] == 40'
rm -r other/circle
for missing in 'rm -rf' mkdir; do
    $missing other/circle
    # shellcheck disable=SC2086
    run train shapes $form --validation other --confusion matrix.png --json
    expect 0 'warning: other has no images of 1 class: circle' "hexagon; images left out: $left"
    json 'd["held_out"] == 20' 'd["classes"] == 2'
    run eval net.safetensors other --json
    expect 0 'warning: other has no images of 1 class: circle' "hexagon; images left out: $left"
    json 'd["images"] == 20' 'len(d["classes"]) == 2' 'd["per_class"][0]["recall"] is None'
done

# If no class has images, there is nothing to test.
rm -r other/square other/circle
# shellcheck disable=SC2086
run train shapes $form --validation other
expect 1 other
run eval net.safetensors other
expect 1 other

# The same is true for lists.
find shapes -name '*0.jpg' -o -name '*0.png' | sed 's,.*/\(.*\)/.*,&\,\1,' >rows
{
    echo filename,class
    grep square rows
    grep circle rows | sed 's/circle$/hexagon/'
} >list.csv
left=$(grep -c hexagon list.csv)
# shellcheck disable=SC2086
run train shapes $form --validation list.csv
expect 0 'warning: list.csv has no images of 1 class: circle' "hexagon; images left out: $left"
run eval net.safetensors list.csv
expect 0 'warning: list.csv has no images of 1 class: circle' "hexagon; images left out: $left"

# With --classes, the folders are classes.
cp -r shapes/* root/test
# shellcheck disable=SC2086
run train root $form --classes test,eval --json
expect 0
json 'd["classes"] == 2'

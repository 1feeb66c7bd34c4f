#!/bin/sh
# Tests of lade eval: the confusion matrix as text, JSON and plots, and the errors of wrong nets, folders and paths.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
run synth shapes --class-count 5 --per-class 40 --size 32x32 --seed 2
expect 0
form='--net mlp --target-size 16x16 --seed 1'
# shellcheck disable=SC2086
run train shapes $form --epochs 6 --lr 0.05 --out net.safetensors --confusion held.png --mistakes held.svg
expect 0
silent
prints 'confusion matrix +held.png' 'mistakes +held.svg' 'bound by'

is_png held.png
is_svg held.svg

# The numbers of a report agree with each other.
run eval net.safetensors shapes --json --confusion matrix.svg --mistakes worst.png
expect 0
silent
is_svg matrix.svg
is_png worst.png
json 'd["images"] == 200 == sum(map(sum, d["confusion"]))' 'd["classes"] == ["circle", "ring", "square", "star", "triangle"]' \
    'all(c["recall"] == d["confusion"][i][i] / 40 and c["images"] == 40 for i, c in enumerate(d["per_class"]))' \
    'all(c["precision"] is None or abs(c["precision"] * sum(r[i] for r in d["confusion"]) - d["confusion"][i][i]) < 1e-6
         for i, c in enumerate(d["per_class"]))' \
    'abs(d["accuracy"] * 200 - sum(d["confusion"][i][i] for i in range(5))) < 1e-6' \
    'len(d["mistakes"]) == round(200 - 200 * d["accuracy"]) > 0' \
    'd["mistakes"] == sorted(d["mistakes"], key=lambda m: -m["probability"])' \
    'all(m["class"] != m["predicted"] and m["path"].startswith(m["class"] + "/") and 0.2 <= m["probability"] <= 1
         for m in d["mistakes"])'
accuracy=$(value '"%.1f" % (100 * d["accuracy"])')

# The text contains a row for each class. It contains the matrix only if the terminal is wide enough.
run eval net.safetensors shapes --confusion matrix.png --mistakes worst.svg
expect 0
silent
is_png matrix.png
is_svg worst.svg
prints '^  class +images +recall +precision' '^  circle +40 +[0-9.]+% +[0-9.]+%' '^  true . predicted +circle +ring' \
    "accuracy +$accuracy% of 200 images" 'macro +precision' 'matrix +matrix.png' 'mistakes +worst.svg'
COLUMNS=50 run eval net.safetensors shapes
expect 0
prints '^  true . predicted +1 +2' '^  5 triangle '
COLUMNS=20 run eval net.safetensors shapes
expect 0
if grep -q predicted out; then fail "eval prints a matrix that does not fit"; fi

# Without options, eval prepares images in the same way as the training of the net.
run scan shapes --target-size 16x16 --rescale 1/255 --stats-out stats.json
expect 0
while read -r options; do
    stats=
    case $options in
    *featurewise*) stats='--stats stats.json' ;;
    *--mean*) stats='--mean 0.4,0.5,0.6 --std imagenet' ;;
    esac
    # shellcheck disable=SC2086
    run train shapes $form --epochs 1 --out made.safetensors --force --json $options $stats
    expect 0
    validation=$(value '"%.6g %.6g" % (d["epochs"][0]["val_loss"], d["val_accuracy"])')
    # shellcheck disable=SC2086
    run eval made.safetensors shapes --subset validation --validation-split 0.2 --json $stats
    expect 0
    ask value '"%.6g %.6g" % (d["loss"], d["accuracy"])'
    [ "$answer" = "$validation" ] || fail "$options: eval finds $answer, training found $validation"
done <<'END'
--interpolation bilinear
--color-mode grayscale --keep-aspect-ratio
--samplewise-center --samplewise-std-normalization --data-format channels_first
--crop random --dtype uint8
--rescale 1/128 --horizontal-flip
--mean 0.4,0.5,0.6
--target-size 16x20 --pad-to-aspect-ratio --pad-value 9
--featurewise-center
END
# The net contains the statistics, so eval and predict need no option.
run eval made.safetensors shapes --subset validation --validation-split 0.2 --json
expect 0
ask value '"%.6g %.6g" % (d["loss"], d["accuracy"])'
[ "$answer" = "$validation" ] || fail "eval does not use the statistics of the net"
run predict made.safetensors shapes
expect 0
run predict made.safetensors shapes --stats stats.json
expect 0
run eval made.safetensors shapes --mean 0.25
expect 2 --mean made.safetensors 0.25
run eval made.safetensors shapes --mean 0.25,0.5,0.75
expect 2 --mean made.safetensors 0.25,0.5,0.75
# An option that contradicts the net is an error with both values.
run train shapes --net mlp --target-size 16x16 --seed 1 --epochs 1 --out made.safetensors --force --interpolation bilinear --json
expect 0
validation=$(value 'd["epochs"][0]["val_loss"]')
for command in 'eval made.safetensors shapes' 'predict made.safetensors shapes' 'train shapes --epochs 1 --net made.safetensors'; do
    # shellcheck disable=SC2086
    run $command --interpolation nearest
    expect 2 --interpolation nearest made.safetensors bilinear
    # shellcheck disable=SC2086
    run $command --interpolation bilinear
    expect 0
    # shellcheck disable=SC2086
    run $command --rescale 1/128
    expect 2 --rescale made.safetensors 1/255 1/128
    # shellcheck disable=SC2086
    run $command --samplewise-center
    expect 2 --samplewise-center made.safetensors
    # shellcheck disable=SC2086
    run $command --mean imagenet
    expect 2 --mean made.safetensors
done

# A net needs at least two classes. Two classes may share one output.
mkdir one
cp -r shapes/circle one
# shellcheck disable=SC2086
run train one $form --epochs 1
expect 2 one
mkdir two
cp -r shapes/circle shapes/ring two
# shellcheck disable=SC2086
run train two $form --class-mode binary --epochs 30 --validation two --out two.safetensors --confusion two.png --mistakes two.svg
expect 0
is_png two.png
is_svg two.svg
run eval two.safetensors two --json
expect 0
json 'd["classes"] == ["circle", "ring"]' 'd["accuracy"] > 0.9'

# eval and predict use the loss and the data format of the net.
for how in '--loss mean-squared-error' '--data-format channels_first'; do
    # shellcheck disable=SC2086
    run train shapes $form --epochs 2 $how --validation shapes --out other.safetensors --force --confusion other.png --json
    expect 0
    loss=$(value 'd["epochs"][d["kept_epoch"] - 1]["val_loss"]')
    run eval other.safetensors shapes --json
    expect 0
    json "abs(d['loss'] - $loss) < 1e-4 * $loss"
    run predict other.safetensors shapes --json
    expect 0
done

# An invalid file ends the command, or is skipped.
cp -r shapes bad
echo text >bad/star/0000.jpg
run eval net.safetensors bad --mistakes none.png
expect 1 'bad/star/0000.jpg: ' '--on-error skip'
[ ! -e none.png ] || fail "an eval that failed has drawn a sheet"
run eval net.safetensors bad --on-error skip --mistakes some.png --json
expect 0
is_png some.png
json 'd["images"] == 199' 'd["skipped"] == 1'
run eval net.safetensors bad --on-error replace
expect 2 '--on-error replace'
# shellcheck disable=SC2086
run train bad $form --epochs 1 --on-error replace --validation-split 0.5 --confusion replaced.png --json
expect 0
is_png replaced.png
json 'd["held_out"] == 100' 'd["images"] == 100'

# Errors: files that are not nets, images that do not fit the net, and plots that cannot be written.
for size in 0 7 100 4000; do
    head -c $size net.safetensors >cut.safetensors
    run eval cut.safetensors shapes
    expect 1 cut.safetensors
done
run eval nothing.safetensors shapes
expect 1 'nothing.safetensors'
run eval shapes shapes
expect 1 'shapes'
run eval net.safetensors nowhere
expect 1 'nowhere'
run eval net.safetensors two --json
expect 0
json 'd["images"] == 80' 'len(d["classes"]) == 5' 'd["per_class"][2]["recall"] is None'
run eval net.safetensors shapes --data-format channels_first
expect 2 '--data-format channels_first'
run eval net.safetensors shapes --confusion matrix.gif
expect 2 '--confusion matrix.gif'
run eval net.safetensors shapes --mistakes none/sheet.png
expect 1 '--mistakes none/sheet.png'
run train shapes --epochs 1 --validation-split 0 --mistakes sheet.png
expect 2 --mistakes --validation
run train shapes --epochs 1 --confusion matrix
expect 2 '--confusion matrix'

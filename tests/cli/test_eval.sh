#!/bin/sh
# lade eval: what is taken for what, in words, JSON and pictures; and nets, folders and places that do not do.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
run synth shapes --classes 5 --per-class 40 --size 32x32 --seed 2
expect 0
form='--target-size 16x16 --seed 1'
# shellcheck disable=SC2086
run train shapes $form --epochs 6 --lr 0.05 --out net.safetensors --confusion held.png --mistakes held.svg
expect 0
silent
prints 'confusion matrix +held.png' 'worst mistakes +held.svg' 'bound by +(the loader|computing), [0-9]+% of the time'

is_png() {
    for file in "$@"; do
        head -c 4 "$file" | grep -q PNG || fail "$file is not a PNG"
    done
}
is_svg() {
    for file in "$@"; do
        python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$file" || fail "$file is not XML"
    done
}
is_png held.png
is_svg held.svg

# The numbers fit each other.
run eval net.safetensors shapes --json --plot matrix.svg --mistakes worst.png
expect 0
silent
is_svg matrix.svg
is_png worst.png
json 'd["images"] == 200 == sum(map(sum, d["confusion"]))' 'd["classes"] == ["circle", "ring", "square", "star", "triangle"]' \
    'all(c["recall"] == d["confusion"][i][i] / 40 and c["images"] == 40 for i, c in enumerate(d["per_class"]))' \
    'all(c["precision"] is None or abs(c["precision"] * sum(r[i] for r in d["confusion"]) - d["confusion"][i][i]) < 1e-6
         for i, c in enumerate(d["per_class"]))' \
    'abs(d["accuracy"] * 200 - sum(d["confusion"][i][i] for i in range(5))) < 1e-6' \
    'len(d["mistakes"]) == min(24, round(200 - 200 * d["accuracy"])) > 0' \
    'd["mistakes"] == sorted(d["mistakes"], key=lambda m: -m["probability"])' \
    'all(m["class"] != m["predicted"] and m["path"].startswith(m["class"] + "/") and 0.2 <= m["probability"] <= 1
         for m in d["mistakes"])'
accuracy=$(python3 -c 'import json; print("%.1f" % (100 * json.load(open("out"))["accuracy"]))')

# For people: a row per class, and the matrix where it fits into the width.
run eval net.safetensors shapes --plot matrix.png --mistakes worst.svg
expect 0
silent
is_png matrix.png
is_svg worst.svg
prints '^  class +images +recall +precision +most often' '^  circle +40 +[0-9.]+% +[0-9.]+%' '^  truth . said +circle +ring' \
    "accuracy +$accuracy% of 200 images" 'matrix +matrix.png' 'mistakes +worst.svg'
COLUMNS=50 run eval net.safetensors shapes
expect 0
prints '^  truth . said +1 +2' '^  5 triangle '
COLUMNS=20 run eval net.safetensors shapes
expect 0
if grep -q 'truth' out; then fail "a matrix that does not fit"; fi

# Images become samples as they did in training, without being told so again.
of_json() {
    python3 -c 'import json, sys; d = json.load(open("out")); print(*(f"{eval(e):.6g}" for e in sys.argv[1:]))' "$@"
}
run scan shapes --target-size 16x16 --rescale 1/255 --stats-out stats.json
expect 0
while read -r options; do
    stats=
    case $options in *featurewise*) stats='--stats stats.json' ;; esac
    # shellcheck disable=SC2086
    run train shapes $form --epochs 1 --out made.safetensors --json $options $stats
    expect 0
    held_out=$(of_json 'd["epochs"][0]["val_loss"]' 'd["val_accuracy"]')
    # shellcheck disable=SC2086
    run eval made.safetensors shapes --subset validation --validation-split 0.2 --json $stats
    expect 0
    [ "$(of_json 'd["loss"]' 'd["accuracy"]')" = "$held_out" ] || fail "$options: $held_out in training"
done <<'END'
--interpolation bilinear
--color-mode grayscale --keep-aspect-ratio
--samplewise-center --samplewise-std-normalization --data-format channels_first
--crop random --dtype uint8
--rescale 1/128 --horizontal-flip
--featurewise-center
END
run eval made.safetensors shapes
expect 2 'made.safetensors needs the statistics that it was trained with: give --stats FILE'
run predict made.safetensors shapes
expect 2 'give --stats FILE'
run predict made.safetensors shapes --stats stats.json
expect 0
# Unless options say otherwise.
run train shapes --target-size 16x16 --seed 1 --epochs 1 --out made.safetensors --interpolation bilinear --json
expect 0
held_out=$(of_json 'd["epochs"][0]["val_loss"]')
run eval made.safetensors shapes --subset validation --validation-split 0.2 --json --interpolation nearest
expect 0
[ "$(of_json 'd["loss"]')" != "$held_out" ] || fail "--interpolation nearest changes nothing"

# One class is none; two may share one output.
mkdir one
cp -r shapes/circle one
# shellcheck disable=SC2086
run train one $form --epochs 1
expect 2 'one has one class'
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

# The loss is the net's own, and channels come where the net wants them.
for how in '--loss mean-squared-error' '--data-format channels_first'; do
    # shellcheck disable=SC2086
    run train shapes $form --epochs 2 $how --validation shapes --out other.safetensors --confusion other.png --json
    expect 0
    loss=$(python3 -c 'import json; print(json.load(open("out"))["epochs"][-1]["val_loss"])')
    run eval other.safetensors shapes --json
    expect 0
    json "abs(d['loss'] - $loss) < 1e-4 * $loss"
    run predict other.safetensors shapes --json
    expect 0
done

# Invalid files: they end the run, or are left out of everything.
cp -r shapes bad
echo text >bad/star/0000.jpg
run eval net.safetensors bad --mistakes none.png
expect 1 'bad/star/0000.jpg: ' '--on-error skip'
[ ! -e none.png ] || fail "a sheet of a run that failed"
run eval net.safetensors bad --on-error skip --mistakes some.png --json
expect 0
is_png some.png
json 'd["images"] == 199' 'd["skipped"] == 1'
run eval net.safetensors bad --on-error replace
expect 2 '--on-error replace: another image would be counted twice'
# shellcheck disable=SC2086
run train bad $form --epochs 1 --on-error replace --validation-split 0.5 --confusion replaced.png --json
expect 0
is_png replaced.png
json 'd["held_out"] == 100' 'd["images"] == 100'

# Nets that are none, images that do not fit, pictures that cannot be.
for size in 0 7 100 4000; do
    head -c $size net.safetensors >cut.safetensors
    run eval cut.safetensors shapes
    expect 1 'cut.safetensors'
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
expect 2 'the net is for images with channels last'
run eval net.safetensors shapes --plot matrix.gif
expect 2 '--plot matrix.gif: give a name that ends in .png or .svg'
run eval net.safetensors shapes --mistakes none/sheet.png
expect 1 '--mistakes none/sheet.png: cannot write there'
run train shapes --epochs 1 --validation-split 0 --mistakes sheet.png
expect 2 '--mistakes needs images to test on'
run train shapes --epochs 1 --confusion matrix
expect 2 '--confusion matrix: give a name that ends in'

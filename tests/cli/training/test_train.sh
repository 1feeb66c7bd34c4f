#!/bin/sh
# Tests of lade train: training, validation, saving, plots, and training that begins with a saved net.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
run synth shapes --class-count 3 --per-class 150 --size 32x32 --seed 1
expect 0
form='--net mlp --target-size 16x16 --color-mode grayscale --seed 1'

# shellcheck disable=SC2086
run train shapes $form --epochs 12 --lr 0.05 --plot curve.png --out net.safetensors --json
expect 0
silent
json 'len(d["epochs"]) == 12' 'd["images"] == 360 and d["held_out"] == 90' 'd["classes"] == 3' \
    'd["epochs"][-1]["loss"] < 0.7 * d["epochs"][0]["loss"]' 'd["epochs"][-1]["accuracy"] > 0.7' \
    'd["val_accuracy"] == d["epochs"][-1]["val_accuracy"] and d["val_accuracy"] > 0.55' \
    'd["best_val_accuracy"] == max(e["val_accuracy"] for e in d["epochs"])' 'd["kept_epoch"] == d["best_epoch"]' \
    'all(e["images_per_s"] > 0 and e["seconds"] > 0 and e["lr"] > 0 for e in d["epochs"])' \
    'd["images_per_s"] > 0 and d["bound"] in ("loader", "compute")' 'd["peak_rss_bytes"] > 1e6' \
    'd["parameters"] == 256 * 512 + 512 + 512 * 3 + 3' 'd["net"] == "dense 512, relu, dense 3"'
is_png curve.png
python3 -SE - <<'END' || fail "net.safetensors is not a safetensors file"
import json
data = open("net.safetensors", "rb").read()
header = json.loads(data[8:8 + int.from_bytes(data[:8], "little")])
assert header["0.weight"]["shape"] == [512, 256], header
END

# eval finds the same accuracy for the saved net as train after the best epoch.
accuracy=$(value 'd["best_val_accuracy"]')
run eval net.safetensors shapes --validation-split 0.2 --subset validation --json
expect 0
silent
json "abs(d['accuracy'] - $accuracy) < 1e-6" 'd["images"] == 90' 'd["classes"] == ["circle", "square", "triangle"]' \
    'sum(map(sum, d["confusion"])) == 90' 'sum(d["confusion"][i][i] for i in range(3)) == round(90 * d["accuracy"])' \
    'all(sum(row) == 30 for row in d["confusion"])' 'd["loss"] > 0'
run eval net.safetensors shapes
expect 0
prints '^  class +images +recall' '^  circle +150 +[0-9.]+%' 'accuracy +[0-9.]+% of 450 images'
run eval net.safetensors shapes --target-size 8x8
expect 2 '--target-size 8x8' 16x16
run eval net.safetensors shapes --classes square,circle --json
expect 0
json 'd["classes"] == ["circle", "square", "triangle"]' 'd["images"] == 300' 'd["per_class"][2]["images"] == 0' 'd["accuracy"] > 0.6'
mkdir part other
cp -r shapes/square part/
cp -r shapes/square other/oblong
run eval net.safetensors part --json
expect 0
json 'd["images"] == 150' 'sum(d["confusion"][1]) == 150'
run eval net.safetensors other
expect 1 other '"circle"'
run eval net.safetensors other --classes oblong
expect 2 oblong circle triangle
run eval net.safetensors shapes --color-mode rgb
expect 2 '--color-mode rgb' grayscale
run eval net.safetensors shapes --class-mode binary
expect 2 --class-mode

# A saved net that is trained again keeps its loss and its classes.
cp net.safetensors net.st
# shellcheck disable=SC2086
run train shapes $form --epochs 1 --net net.st --json
expect 0
# shellcheck disable=SC2086
run train shapes $form --epochs 1 --net net.safetensors --classes square,circle,triangle
expect 2 net.safetensors '"circle"' '"square"' --classes
# shellcheck disable=SC2086
run train shapes $form --epochs 1 --net net.safetensors --loss mean-squared-error
expect 2 --loss net.safetensors

# A CSV file and arrays as sources.
(cd shapes && echo filename,class && for f in */*; do echo "$f,${f%%/*}"; done) >list.csv
# shellcheck disable=SC2086
run train list.csv --directory shapes $form --epochs 2 --out listed.safetensors --confusion listed.png --mistakes listed.svg --json
expect 0
json 'd["held_out"] == 90' 'd["classes"] == 3' 'd["bad"] == []'
validation=$(value 'd["epochs"][d["kept_epoch"] - 1]["val_loss"]')
run eval listed.safetensors list.csv --directory shapes --subset validation --validation-split 0.2 --json
expect 0
json "abs(d['loss'] - $validation) < 1e-6"
run flow shapes --target-size 16x16 --no-shuffle --class-mode sparse --dtype uint8 --out x.npy
expect 0
run train x.npy --labels x-y.npy --net mlp --epochs 3 --out arrays.safetensors --mistakes arrays.png --json
expect 0
json 'd["images"] == 360' 'd["held_out"] == 90'
run train x.npy --labels x-y.npy --validation x.npy --validation-labels x-y.npy --epochs 1 --json
expect 0
json 'd["held_out"] == 450'
run eval arrays.safetensors x.npy --labels x-y.npy --json
expect 0
json 'd["images"] == 450' 'd["accuracy"] > 0.4'
run train list.csv --class-mode none
expect 2 '--class-mode none'
run train list.csv --class-mode raw
expect 1 list.csv:2 circle
run train list.csv --label-separator ';' --class-mode binary
expect 2 '--label-separator'
run eval curve.png shapes
expect 1 'curve.png'

# Standard output contains a table of the epochs.
# shellcheck disable=SC2086
run train shapes $form --epochs 2 --net 'dense 16, relu, dense 3' --plot curve.svg
expect 0
silent
prints 'dense 16, relu, dense 3: 4,163 parameters' 'epoch +loss +accuracy' '^ +2/2 ' 'validation accuracy +[0-9.]+%' \
    'rate +[0-9.,]+ images/s' 'peak memory' 'curves +curve.svg'
is_svg curve.svg

# Training that begins with a saved net, validation on another directory, training without validation, and two classes.
# shellcheck disable=SC2086
run train shapes $form --epochs 1 --lr 0.001 --net net.safetensors --validation shapes --json
expect 0
json 'd["epochs"][0]["loss"] < 0.7' 'd["held_out"] == 450 and d["images"] == 450' 'd["val_accuracy"] > 0.6'
# shellcheck disable=SC2086
run train shapes $form --epochs 1 --validation-split 0 --json
expect 0
json 'd["held_out"] == 0' 'd["epochs"][0]["val_loss"] is None and d["val_accuracy"] is None'
# shellcheck disable=SC2086
run train shapes $form --epochs 1 --class-mode binary --classes circle,square --json
expect 0
json 'd["net"] == "dense 512, relu, dense 1"'
# shellcheck disable=SC2086
run train shapes $form --epochs 4 --class-mode binary --classes square,circle --validation shapes --out two.safetensors --json
expect 0
accuracy=$(value 'd["best_val_accuracy"]')
run eval two.safetensors shapes --json
expect 0
json "abs(d['accuracy'] - $accuracy) < 1e-6" 'd["classes"] == ["square", "circle"]' 'd["images"] == 300'
# shellcheck disable=SC2086
run train shapes $form --epochs 1 --class-mode sparse --steps-per-epoch 2 --batch-size 8 --json
expect 0

# Errors: nets and images that do not fit each other, and a loss that is not a number.
run train shapes --target-size 8x8 --net net.safetensors --epochs 1
expect 2 8x8 16x16
echo text >bad.safetensors
run train shapes --net bad.safetensors
expect 1 'bad.safetensors'
run train shapes --validation nowhere
expect 1 'nowhere'
# shellcheck disable=SC2086
run train shapes $form --epochs 1 --rescale 1e30
expect 1 nan
# shellcheck disable=SC2086
run train shapes $form --epochs 1 --net 'dense 7'
expect 2 --net 7 'dense 3'

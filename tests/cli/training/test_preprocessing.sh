#!/bin/sh
# Tests of the preprocessing that a net stores: statistics of the images, and training that begins with a saved net.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
run synth shapes --class-count 3 --per-class 40 --size 32x32 --seed 1
expect 0
form='--target-size 8x8 --seed 1'

# Returns the loss of eval for the validation images.
eval_loss() {
    run eval "$1" shapes --validation-split 0.2 --subset validation --json
    expect 0
    value '"%.6g" % d["loss"]'
}

# Statistics are stored in the net, in each form: words, a file, and a ZCA matrix.
run scan shapes --target-size 8x8 --rescale 1/255 --zca-whitening --stats-out stats.json
expect 0
while read -r options; do
    # shellcheck disable=SC2086
    run train shapes $form --net mlp --epochs 1 --out net.safetensors --force --json $options
    expect 0
    loss=$(value '"%.6g" % d["epochs"][0]["val_loss"]')
    [ "$(eval_loss net.safetensors)" = "$loss" ] || fail "$options: eval finds another loss than train"
    run predict net.safetensors shapes/circle
    expect 0
    # Training continues with the same images: the size and the statistics come from the net.
    run train shapes --seed 1 --net net.safetensors --epochs 1 --lr 1e-30 --out more.safetensors --force --json
    expect 0
    [ "$(value '"%.6g" % d["epochs"][0]["val_loss"]')" = "$loss" ] || fail "$options: training continues with other images"
    [ "$(eval_loss more.safetensors)" = "$loss" ] || fail "$options: the second net has lost the statistics"
done <<'END'
--mean imagenet --std imagenet
--mean 0.4,0.5,0.6
--stats stats.json --featurewise-center --featurewise-std-normalization
--stats stats.json --zca-whitening
--color-mode grayscale --interpolation bilinear --data-format channels_first
END

# Statistics that were computed without --rescale are converted, because lade train rescales by default.
run scan shapes --target-size 8x8 --stats-out raw.json
expect 0
for stats in stats raw; do
    # shellcheck disable=SC2086
    run train shapes $form --net mlp --epochs 1 --json --stats $stats.json --featurewise-center --featurewise-std-normalization
    expect 0
    value '"%.4g" % d["epochs"][0]["val_loss"]' >$stats.loss
done
cmp stats.loss raw.loss || fail "statistics without rescale give another loss"

# A net that needs statistics and has none is refused. Such files were written by earlier versions.
# shellcheck disable=SC2086
run train shapes $form --net mlp --epochs 1 --out net.safetensors --force --mean 0.4,0.5,0.6 --std 0.2,0.3,0.2
expect 0
python3 -SE - <<'END' || fail "the statistics cannot be removed"
import json
data = open("net.safetensors", "rb").read()
length = int.from_bytes(data[:8], "little")
header = json.loads(data[8:8 + length])
known = json.loads(header["__metadata__"]["lade.preprocessing"])
assert known.pop("stats")["mean"] == [0.4, 0.5, 0.6], known
header["__metadata__"]["lade.preprocessing"] = json.dumps(known)
text = json.dumps(header).encode()
open("old.safetensors", "wb").write(len(text).to_bytes(8, "little") + text + data[8 + length:])
END
run eval old.safetensors shapes
expect 2 old.safetensors --stats
run eval old.safetensors shapes --mean 0.4,0.5,0.6 --std 0.2,0.3,0.2
expect 0
run eval net.safetensors shapes --mean 0.4,0.5,0.6 --std 0.2,0.3,0.9
expect 2 --std net.safetensors 0.2,0.3,0.9 0.2,0.3,0.2

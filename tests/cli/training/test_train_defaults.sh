#!/bin/sh
# Tests of the defaults of lade train, and of --dry-run and --find-lr.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
run synth shapes --class-count 3 --per-class 40 --size 40x28 --seed 1
expect 0

# Without options, the target size comes from the images, and the net is a residual net.
run train shapes --epochs 2 --out net.safetensors
expect 0
silent
prints 'as 28x28x3 float32; 24 for validation \(0.2 of each class, chosen by the seed\)' \
    'target size 28x28: the shorter side of the images has 28 pixels \(median of 120\)' '^resnet: 289,523 parameters' \
    '^adamw, lr 0.005, cosine, batches of 16; horizontal flip, crop padding 3$'

# The net file contains the options of the images, so eval finds the same accuracy as train.
run train shapes --epochs 1 --out again.safetensors --json
expect 0
accuracy=$(value 'd["val_accuracy"]')
run eval again.safetensors shapes --validation-split 0.2 --split seeded --subset validation --json
expect 0
json "abs(d['accuracy'] - $accuracy) < 1e-6" 'd["images"] == 24'

# Options of the command line replace single defaults. Other nets keep the defaults of the library.
run train shapes --epochs 1 --optimizer sgd --zoom-range 0.1 --batch-size 8
expect 0
prints '^sgd, lr 0.01, momentum 0.9, cosine, batches of 8; zoom 0.1$'
run train shapes --epochs 1 --no-augmentation --schedule constant --lr 0.1 --target-size 16
expect 0
prints '^adamw, lr 0.1, batches of 16; no augmentation$' 'as 16x16x3'
run train shapes --epochs 1 --net mlp
expect 0
prints 'as 28x28x3' '\(0.2 of each class, the first by name\)' '^sgd, lr 0.01, momentum 0.9, batches of 32; no augmentation$'

# Grey images may be letters or digits, and are not mirrored.
python3 -SE - <<'END' || fail "no grey images"
import os
for c in "ab":
    os.makedirs("grey/" + c)
    for i in range(10):
        open(f"grey/{c}/{i}.pgm", "wb").write(b"P5 20 20 255\n" + bytes((i * j + ord(c)) % 256 for j in range(400)))
END
run train grey --epochs 1
expect 0
prints 'as 20x20x3' '; crop padding 2$'

# The net for large images has more layers, but not more parameters for a larger image. Photographs are cropped.
run synth large --class-count 2 --per-class 5 --size 250x300 --seed 1
expect 0
run train large --dry-run --epochs 7
expect 0
silent
prints 'input +224x224x3' 'conv 256 3 same stride 2 +7x7x256' 'in all +1209730' '^  memory +[0-9.]+ MB$' \
    '^  epoch +.*, with 1 step$' '^  run +.*, with 7 epochs$'
run train large --epochs 1
expect 0
prints 'batches of 16; random crop, horizontal flip$'
run train shapes --dry-run --out dry.safetensors
expect 0
[ ! -e dry.safetensors ] || fail "--dry-run has saved a net"

# --find-lr draws a curve and prints a learning rate.
run train shapes --find-lr rates.png
expect 0
silent
prints '^suggestion: --lr 0?[.0-9e-]+$' 'curve: rates.png'
is_png rates.png
run train shapes --net mlp --find-lr rates.svg
expect 0
is_svg rates.svg
run train shapes --find-lr rates.txt
expect 2 --find-lr
run train shapes --find-lr rates.png --dry-run
expect 2 --find-lr --dry-run
run train shapes --dry-run --json
expect 2 --json --dry-run

# Very small classes: one image of each class is for validation, and none if each class has one image.
for images in 4 3 2; do
    mkdir -p few/a few/b
    for image in $(seq "$images"); do
        cp shapes/circle/0000.* "few/a/$image.png"
        cp shapes/circle/0001.* "few/b/$image.png"
    done
    run train few --net mlp --target-size 8x8 --epochs 1 --json
    expect 0
    json "d['held_out'] == 2 and d['images'] == $((2 * images - 2))"
    rm -r few
done
mkdir -p few/a few/b
cp shapes/circle/0000.* few/a
cp shapes/circle/0001.* few/b
run train few --epochs 1 --json
expect 0 warning few validation
json 'd["held_out"] == 0'
run train few --net mlp --epochs 1 --confusion matrix.png
expect 2 --confusion --validation
run train few --net mlp --epochs 1 --validation-split 0.2
expect 2 validation_split

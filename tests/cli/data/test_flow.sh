#!/bin/sh
# Tests of lade flow: the report and the digest. The digest depends only on the options that change samples.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
draw_shapes

# Runs lade flow with the given options and stores the digest in $digest. Must not run in a subshell, because a failure
# must end the script.
stream() {
    run flow shapes --target-size 24x24 --json --digest "$@"
    expect 0
    silent
    read_digest
}
read_digest() {
    read -r digest <out
    digest=${digest#*\"digest\": \"}
    digest=${digest%%\"*}
    [ ${#digest} -eq 32 ] || fail "the output has no digest of 32 digits"
}

run flow shapes --target-size 24x24 --batch-size 8 --epochs 2 --json --digest
expect 0
json 'd["streamed_samples"] == 120' 'd["batches"] == 16' 'd["classes"] == 5' 'd["seconds"] > 0' 'd["skipped"] == 0' \
    'abs(d["images_per_s"] * d["seconds"] - 120) < 1e-3' 'd["peak_rss_bytes"] > 1e6' 'len(d["digest"]) == 32' \
    'set(d["stages"]) >= {"read", "decode", "transform", "wait_full", "wait_empty"}' 'd["bad"] == []'
run flow shapes --target-size 24x24 --digest
expect 0
prints '^shapes: 60 images in 5 classes, streamed as 24x24x3 float32' 'images +60 in 2 batches' 'rate +[0-9.,]+ images/s' \
    'peak memory +[0-9.]+ MB' 'digest +[0-9a-f]{32}'

# Tests of --drop-last, which leaves out the short batch of each epoch, and of --seconds and --warm-up.
run flow shapes --target-size 8x8 --batch-size 8 --epochs 2 --drop-last --json
expect 0
json 'd["streamed_samples"] == 112' 'd["batches"] == 14' 'd["dataset_samples"] == 60'
run flow shapes --batch-size 61 --drop-last
expect 2 drop_last 61
run flow shapes --target-size 8x8 --batch-size 10 --steps 3 --warm-up 5 --json
expect 0
json 'd["streamed_samples"] == 30' 'd["batches"] == 3'
run flow shapes --target-size 8x8 --seconds 0.3 --warm-up 1 --json
expect 0
json '0.3 <= d["seconds"] < 60' 'd["batches"] >= 1'
run flow shapes --seconds 0
expect 2 --seconds

stream --seed 1 --workers 1
plain=$digest
for same in '--workers 2' '--workers 5' '--batch-size 7' '--on-error skip'; do
    # shellcheck disable=SC2086
    stream --seed 1 $same
    [ "$digest" = "$plain" ] || fail "$same changes the digest"
done
for other in '--seed 2' --no-shuffle --balanced --horizontal-flip '--width-shift-range 0.2' '--rotation-range 20' \
    '--shear-range 10' '--zoom-range 0.2' '--zoom-range 0.5,0.9' '--brightness-range 0.5,1.5' '--channel-shift-range 30' \
    '--height-shift-range 2 --shift-unit whole_pixels' --samplewise-center --samplewise-std-normalization \
    '--interpolation bilinear' '--class-mode sparse' '--class-mode input' '--color-mode grayscale' '--rescale 1/255' \
    '--dtype uint8' '--data-format channels_first' '--classes star,ring' '--epochs 2' \
    '--keep-aspect-ratio --target-size 24x12' '--subset training --validation-split 0.5' '--crop random' \
    '--crop random --crop-scale 0.5,1' '--crop random --crop-ratio 1,2' '--crop center' '--crop center --crop-resize 50'; do
    # shellcheck disable=SC2086
    stream --seed 1 $other
    [ "$digest" != "$plain" ] || fail "$other does not change the digest"
done
stream --rotation-range 20
rotated=$digest
for other in '--fill-mode constant' '--fill-mode constant --cval 9' '--interpolation-order 0' '--quirks keras3'; do
    # shellcheck disable=SC2086
    stream --rotation-range 20 $other
    [ "$digest" != "$rotated" ] || fail "$other does not change the digest"
done
augmented='--crop random --horizontal-flip --vertical-flip --width-shift-range 0.3 --height-shift-range 4 --fill-mode wrap --epochs 3'
# shellcheck disable=SC2086
stream $augmented --workers 1
one_worker=$digest
# shellcheck disable=SC2086
stream $augmented --workers 2
[ "$digest" = "$one_worker" ] || fail "augmentation depends on the number of workers"

# Images are turned upright, except with --ignore-exif-orientation.
mkdir -p photos/side
cp "$LADE_SOURCE_DIR"/tests/golden/images/exif*.jpg photos/side
run flow photos --target-size 19x13 --json --digest
expect 0
read_digest
stored=$digest
run flow photos --target-size 19x13 --json --digest --ignore-exif-orientation
expect 0
read_digest
[ "$digest" != "$stored" ] || fail "--ignore-exif-orientation does not change the digest"

run flow shapes --zoom-range 1.5
expect 2 zoom_range
run flow shapes --brightness-range 2,1
expect 2 '--brightness-range 2,1'
run flow shapes --brightness-range 2
expect 2 'brightness_range'
run flow shapes --mixup-alpha 1 --class-mode sparse
expect 2 mixup_alpha sparse
run flow shapes --samplewise-center --dtype uint8
expect 2 samplewise_center dtype

# lade scan computes statistics, and the featurewise options need them. Statistics that were computed with other options
# are refused.
run scan shapes --target-size 8x8 --rescale 1/255 --stats-out stats.json --json
expect 0
json 'len(d["mean"]) == len(d["std"]) == 3' 'all(0.1 < x < 0.9 for x in d["mean"])' 'all(0.05 < x < 0.5 for x in d["std"])'
run scan shapes --target-size 8x8 --color-mode grayscale --print-stats
expect 0
prints 'mean +[0-9.]+ \(grey\)' 'std +[0-9.]+'
run scan shapes --target-size 4x4 --rescale 1/255 --zca-whitening --stats-out white.json
expect 0
run flow shapes --featurewise-center
expect 2 --featurewise-center --stats 'lade scan shapes'
run flow shapes --featurewise-center --stats none.json
expect 1 '--stats none.json'
run flow shapes --target-size 4x4 --zca-whitening --stats white.json
expect 2 'rescale'

# Statistics of images with other options are refused. The message contains the command that makes the right file.
ln -s shapes "it's shapes"
while read -r options; do
    cp white.json 'right file.json'
    # shellcheck disable=SC2086
    run flow "it's shapes" $options --stats 'right file.json'
    expect 2 'lade scan'
    sed -n 's/.*: lade scan /run scan /p' err >again.sh
    # shellcheck source=/dev/null
    . ./again.sh
    expect 0
    # shellcheck disable=SC2086
    run flow "it's shapes" $options --stats 'right file.json'
    expect 0
done <<'END'
--target-size 4x4 --zca-whitening
--target-size 4x4 --rescale 1/127.5 --zca-whitening
--target-size 5x4 --rescale 1/255 --zca-whitening
--target-size 4x4 --color-mode grayscale --interpolation bilinear --featurewise-center --keep-aspect-ratio
--color-mode rgba --featurewise-std-normalization --rescale 0.1 --samplewise-center
END
stream --rescale 1/255 --featurewise-std-normalization --stats stats.json
normal=$digest
stream --rescale 1/255 --featurewise-std-normalization --stats stats.json --workers 1
[ "$digest" = "$normal" ] || fail "standardisation depends on the number of workers"
stream --rescale 1/255 --featurewise-center --stats stats.json
[ "$digest" != "$normal" ] || fail "the standard deviation is not used"

# The mean and the deviation are given as numbers. The word imagenet also sets rescale.
stream --mean imagenet --std imagenet
normal=$digest
stream --rescale 1/255 --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225
[ "$digest" = "$normal" ] || fail "imagenet differs from its numbers"
stream --rescale 1/255 --featurewise-std-normalization --mean imagenet --std imagenet --workers 1
[ "$digest" = "$normal" ] || fail "--std does not imply --featurewise-std-normalization"
stream --mean imagenet
[ "$digest" != "$normal" ] || fail "the standard deviation is not used"
while read -r options; do
    # shellcheck disable=SC2086
    run flow shapes $options
    expect 2 "${options%% *}"
done <<'END'
--std imagenet
--mean 1,2
--mean 1,2,x
--mean nan
--std 0,1,1 --mean imagenet
--std 1 --mean imagenet
--mean 1,2,3 --stats stats.json
END
run flow shapes --mean 0.5
expect 2 'channels'
run flow shapes --mean imagenet --rescale 1/128
expect 2 rescale
run flow shapes --mean imagenet --dtype uint8
expect 2 featurewise_center

run flow shapes --target-size 4x4 --rescale 1/255 --zca-whitening --stats white.json
expect 0
run flow shapes --target-size 5x4 --rescale 1/255 --zca-whitening --stats white.json
expect 2 48
run scan shapes --zca-whitening --print-stats
expect 2 zca_whitening 3072

# The sum of the digests of all ranks is the digest of a run with one rank. The sum of the digests of a stopped run and
# of the resumed run is the digest of a run without interruption.
add_up() { # WHOLE PART...
    python3 -SE -c 'import sys
whole, *parts = (int(digest, 16) for digest in sys.argv[1:])
sys.exit(sum(parts) % 2**128 != whole)' "$@"
}
stream
whole=$digest
set --
for rank in 0 1 2; do
    stream --rank $rank --world 3
    set -- "$@" "$digest"
done
add_up "$whole" "$@" || fail "the digests of three ranks do not add up"
stream --batch-size 8 --steps 20
twenty=$digest
stream --batch-size 8 --steps 11 --state-out state.json
head=$digest
stream --batch-size 8 --steps 9 --state state.json --workers 1
add_up "$twenty" "$head" "$digest" || fail "a resumed run does not stream the remaining batches"
run flow shapes --batch-size 8 --target-size 24x24 --state state.json --seed 5
expect 1 '--state state.json' 'seed'
echo '{' >broken.json
run flow shapes --state broken.json
expect 1 '--state broken.json'
run flow shapes --state none.json
expect 1 '--state none.json'

# A CSV file and arrays as sources.
(cd shapes && echo file,label,w && for f in */*; do echo "$f,${f%%/*},1"; done) >list.csv
run flow list.csv --x-col file --y-col label --directory shapes --target-size 24x24 --json --digest
expect 0
json "d['digest'] == '$whole'"
run flow list.csv --x-col file --directory shapes
expect 2 list.csv:1 '"class"'
run flow list.csv --x-col file --y-col w --class-mode raw --weight-col w --directory shapes --target-size 8x8 --json
expect 0
json 'd["classes"] == 0' 'd["streamed_samples"] == 60'
run flow list.csv --x-col file --y-col label --weight-col w --weighted --directory shapes --target-size 8x8 --json
expect 0
json 'd["streamed_samples"] == 60'
run flow shapes --weighted
expect 2 weighted 'no weights'
run flow shapes --x-col file
expect 2 --x-col shapes
run flow none.csv --x-col file
expect 1 none.csv
python3 -SE - <<'END'
def save(name, descr, shape, data):
    head = repr({"descr": descr, "fortran_order": False, "shape": shape}).encode().ljust(117) + b"\n"
    open(name, "wb").write(b"\x93NUMPY\1\0" + bytes([len(head), 0]) + head + data)
save("x.npy", "|u1", (6, 4, 4, 3), bytes(range(192)) + bytes(96))
save("y.npy", "|u1", (6,), bytes([0, 1, 2, 0, 1, 2]))
END
run flow x.npy --labels y.npy --json --digest
expect 0
json 'd["classes"] == 3' 'd["streamed_samples"] == 6'
run flow x.npy
expect 2
run flow x.npy --labels none.npy
expect 1 none.npy

# A stream can be written to image files or to an array. A stream that reads this array has the same digest.
mkdir saved
run flow shapes --target-size 8x8 --batch-size 8 --steps 2 --save-to-dir saved --save-prefix p --save-format jpeg
expect 0
[ "$(find saved -name 'p_0_*.jpg' | wc -l)" -eq 16 ] || fail "the number of image files is not 16"
mkdir shapes/ring/saved
run flow shapes --save-to-dir shapes/ring/saved
expect 2 save_to_dir shapes/ring/saved
run flow shapes --classes star --save-to-dir shapes/ring/saved --steps 1 --batch-size 1 --target-size 8x8
expect 0
rm shapes/ring/saved/*
rmdir shapes/ring/saved
run flow shapes --target-size 8x8 --save-to-dir none
expect 1 'none/0_0000000_'
run flow shapes --target-size 8x8 --class-mode sparse --dtype uint8 --no-shuffle --digest --json --out a.npy
expect 0
read_digest
run flow a.npy --labels a-y.npy --class-mode sparse --dtype uint8 --no-shuffle --digest --json
expect 0
json "d['digest'] == '$digest'" 'd["streamed_samples"] == 60'

# If the run fails, an earlier array remains. The run fails because a file is invalid, because the limit of the file
# size is reached, or because the run is killed.
cp a.npy before.npy && cp a-y.npy before-y.npy
mkdir -p invalid/z && cp -r shapes/ring invalid && echo text >invalid/z/bad.png
unchanged() {
    cmp a.npy before.npy || fail "the earlier array has changed"
    cmp a-y.npy before-y.npy || fail "the earlier labels have changed"
}
run flow invalid --target-size 8x8 --no-shuffle --out a.npy
expect 1 bad.png
unchanged
if (ulimit -f 16 && exec "$LADE" flow shapes --target-size 64x64 --out a.npy >out 2>err); then fail "no limit"; else code=$?; fi
expect 1 a.npy
unchanged
[ -z "$(find . -name '*.tmp')" ] || fail "a temporary file remains"
"$LADE" flow shapes --epochs 1000000 --target-size 64x64 --out a.npy >out 2>err &
while [ ! -s a.npy.tmp ]; do sleep 0.05; done
kill -9 $!
wait $! || :
unchanged
run flow shapes --target-size 8x8 --class-mode sparse --dtype uint8 --no-shuffle --out a.npy
expect 0
[ -z "$(find . -name '*.tmp')" ] || fail "a temporary file remains"
run flow shapes --out a.txt
expect 2 --out a.txt
run flow shapes --target-size 8x8 --out none/a.npy
expect 1 'none/a.npy'

# --memory-limit changes neither the batches nor their order.
stream --seed 1 --memory-limit 3M --batch-size 4
[ "$digest" = "$plain" ] || fail "--memory-limit changes the digest"
run flow shapes --target-size 224x224 --memory-limit 8M
expect 1 'memory_limit is 8388608 bytes' 'batch_size of'
run flow shapes --memory-limit 20X
expect 2 --memory-limit 20X
run flow shapes --target-size 8x8 --max-file-bytes 20M
expect 0
run flow shapes --target-size 8x8 --max-file-bytes 0K
expect 2 --max-file-bytes 0K

#!/bin/sh
# lade flow: the report, and that the digest depends on what it should and on nothing else.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
draw_shapes

digest() { # of a run with these options
    run flow shapes --target-size 24x24 --json --digest "$@"
    expect 0
    silent
    python3 -c 'import json; print(json.load(open("out"))["digest"])'
}

run flow shapes --target-size 24x24 --batch-size 8 --epochs 2 --json --digest
expect 0
json 'd["images"] == 120' 'd["batches"] == 16' 'd["classes"] == 5' 'd["seconds"] > 0' 'd["skipped"] == 0' \
    'abs(d["images_per_s"] * d["seconds"] - 120) < 1e-3' 'd["peak_rss_bytes"] > 1e6' 'len(d["digest"]) == 32' \
    'set(d["stages"]) >= {"read", "decode", "transform", "wait_full", "wait_empty"}' 'd["bad"] == []'
run flow shapes --target-size 24x24 --digest
expect 0
prints '^shapes: 60 images in 5 classes, streamed as 24x24x3 float32' 'images +60 in 2 batches' 'rate +[0-9.,]+ images/s' \
    'peak memory +[0-9.]+ MB' 'digest +[0-9a-f]{32}'

plain=$(digest --seed 1 --workers 1)
for same in '--workers 2' '--workers 1' '--workers 5' '--batch-size 7' '--on-error skip'; do
    # shellcheck disable=SC2086
    [ "$(digest --seed 1 $same)" = "$plain" ] || fail "another digest with $same"
done
for other in '--seed 2' '--no-shuffle' '--horizontal-flip' '--width-shift-range 0.2' '--interpolation bilinear' \
    '--class-mode sparse' '--class-mode input' --balanced '--color-mode grayscale' '--rescale 1/255' '--dtype uint8' '--data-format channels_first' \
    '--classes star,ring' '--epochs 2' '--keep-aspect-ratio --target-size 24x12' '--subset training --validation-split 0.5' \
    '--crop random' '--crop random --crop-scale 0.5,1' '--crop random --crop-ratio 1,2' '--crop center' '--crop center --crop-resize 50'; do
    # shellcheck disable=SC2086
    [ "$(digest --seed 1 $other)" != "$plain" ] || fail "the same digest with $other"
done
augmented='--crop random --horizontal-flip --vertical-flip --width-shift-range 0.3 --height-shift-range 4 --fill-mode wrap --epochs 3'
# shellcheck disable=SC2086
[ "$(digest $augmented --workers 1)" = "$(digest $augmented --workers 2)" ] || fail "augmentation depends on workers"

# Photos that lie on their side: turned only when asked.
mkdir photos
mkdir photos/side
cp "$LADE_SOURCE_DIR"/tests/golden/images/exif*.jpg photos/side
run flow photos --target-size 19x13 --json --digest
expect 0
stored=$(cat out)
run flow photos --target-size 19x13 --json --digest --exif-orientation
expect 0
[ "$(sed 's/.*"digest": "\([0-9a-f]*\).*/\1/' out)" != "$(echo "$stored" | sed 's/.*"digest": "\([0-9a-f]*\).*/\1/')" ] ||
    fail "the same digest with --exif-orientation"

# Every augmentation changes the stream; so does each step of standardisation.
for other in '--rotation-range 20' '--shear-range 10' '--zoom-range 0.2' '--zoom-range 0.5,0.9' '--brightness-range 0.5,1.5' \
    '--channel-shift-range 30' '--height-shift-range 2 --shift-unit whole_pixels' '--samplewise-center' \
    '--samplewise-std-normalization'; do
    # shellcheck disable=SC2086
    [ "$(digest --seed 1 $other)" != "$plain" ] || fail "the same digest with $other"
done
turned=$(digest --rotation-range 20)
for other in '--fill-mode constant' '--fill-mode constant --cval 9' '--interpolation-order 0' '--quirks keras3'; do
    # shellcheck disable=SC2086
    [ "$(digest --rotation-range 20 $other)" != "$turned" ] || fail "the same digest with $other"
done
run flow shapes --zoom-range 1.5
expect 2 'zoom_range'
run flow shapes --brightness-range 2,1
expect 2 '--brightness-range 2,1: give two numbers A,B with A <= B'
run flow shapes --brightness-range 2
expect 2 '--brightness-range 2: give two numbers'
run flow shapes --samplewise-center --dtype uint8
expect 2 'samplewise_center needs dtype float32'

# Statistics: made by scan, needed by the featurewise steps, refused where they do not fit.
run scan shapes --target-size 8x8 --rescale 1/255 --stats-out stats.json --json
expect 0
json 'len(d["mean"]) == len(d["std"]) == 3' 'all(0.1 < x < 0.9 for x in d["mean"])' 'all(0.05 < x < 0.5 for x in d["std"])'
run scan shapes --target-size 8x8 --color-mode grayscale --stats
expect 0
prints 'mean +[0-9.]+ \(grey\)' 'std +[0-9.]+'
run scan shapes --target-size 4x4 --rescale 1/255 --zca-whitening --stats-out white.json
expect 0
run flow shapes --featurewise-center
expect 2 '--featurewise-center needs --stats FILE' 'lade scan shapes --stats-out FILE'
run flow shapes --featurewise-center --stats none.json
expect 1 '--stats none.json'
run flow shapes --featurewise-std-normalization --stats stats.json
expect 2 'rescale'
normal=$(digest --rescale 1/255 --featurewise-std-normalization --stats stats.json)
[ "$normal" != "$(digest --rescale 1/255 --featurewise-center --stats stats.json)" ] || fail "the deviation is not used"
[ "$normal" = "$(digest --rescale 1/255 --featurewise-std-normalization --stats stats.json --workers 1)" ] ||
    fail "standardisation depends on workers"
run flow shapes --target-size 4x4 --rescale 1/255 --zca-whitening --stats white.json
expect 0
run flow shapes --target-size 5x4 --rescale 1/255 --zca-whitening --stats white.json
expect 2 'a matrix for 48 values'
run scan shapes --zca-whitening --stats
expect 2 'at most 3072 values'

# Ranks, and a run that is stopped and resumed, add up to the whole.
add() { python3 -c 'import sys; print("%032x" % (sum(int(a, 16) for a in sys.argv[1:]) % 2**128))' "$@"; }
sum=$(add "$(digest --rank 0 --world 3)" "$(digest --rank 1 --world 3)" "$(digest --rank 2 --world 3)")
[ "$sum" = "$(digest)" ] || fail "the digests of three ranks do not add up"
whole=$(digest --batch-size 8 --steps 20)
head=$(digest --batch-size 8 --steps 11 --state-out state.json)
tail=$(digest --batch-size 8 --steps 9 --resume state.json --workers 1)
[ "$(add "$head" "$tail")" = "$whole" ] || fail "a resumed run is not the rest of the whole"
run flow shapes --batch-size 8 --target-size 24x24 --resume state.json --seed 5
expect 1 '--resume state.json' 'seed'
echo '{' >broken.json
run flow shapes --resume broken.json
expect 1 '--resume broken.json'
run flow shapes --resume none.json
expect 1 '--resume none.json: No such file'

# Lists and arrays.
(cd shapes && echo file,label,w && for f in */*; do echo "$f,${f%%/*},1"; done) >list.csv
whole=$(digest)
run flow list.csv --x-col file --y-col label --directory shapes --target-size 24x24 --json --digest
expect 0
json "d['digest'] == '$whole'"
run flow list.csv --x-col file --directory shapes
expect 2 'list.csv:1: there is no column "class"' 'y_col can be'
run flow list.csv --x-col file --y-col w --class-mode raw --weight-col w --directory shapes --target-size 8x8 --json
expect 0
json 'd["classes"] == 0' 'd["images"] == 60'
run flow shapes --x-col file
expect 2 '--x-col is for a list; shapes is a directory'
run flow none.csv --x-col file
expect 1 'none.csv does not exist'
python3 - <<'END'
def save(name, descr, shape, data):
    head = repr({"descr": descr, "fortran_order": False, "shape": shape}).encode().ljust(117) + b"\n"
    open(name, "wb").write(b"\x93NUMPY\1\0" + bytes([len(head), 0]) + head + data)
save("x.npy", "|u1", (6, 4, 4, 3), bytes(range(192)) + bytes(96))
save("y.npy", "|u1", (6,), bytes([0, 1, 2, 0, 1, 2]))
END
run flow x.npy --labels y.npy --json --digest
expect 0
json 'd["classes"] == 3' 'd["images"] == 6'
run flow x.npy
expect 2 'x has no classes'
run flow x.npy --labels none.npy
expect 1 'none.npy'

# Out of it again: pictures, and arrays that stream the same.
mkdir pictures
run flow shapes --target-size 8x8 --batch-size 8 --steps 2 --save-to-dir pictures --save-prefix p --save-format jpeg
expect 0
[ "$(find pictures -name 'p_0_*.jpg' | wc -l)" -eq 16 ] || fail "16 pictures are not there"
run flow shapes --target-size 8x8 --save-to-dir none
expect 1 'none/0_0000000_'
run flow shapes --target-size 8x8 --class-mode sparse --dtype uint8 --no-shuffle --digest --json --to a.npy
expect 0
first=$(python3 -c 'import json; print(json.load(open("out"))["digest"])')
run flow a.npy --labels a-y.npy --class-mode sparse --dtype uint8 --no-shuffle --digest --json
expect 0
json "d['digest'] == '$first'" 'd["images"] == 60'
run flow shapes --to a.txt
expect 2 'a name that ends in .npy'
run flow shapes --target-size 8x8 --to none/a.npy
expect 1 'none/a.npy'

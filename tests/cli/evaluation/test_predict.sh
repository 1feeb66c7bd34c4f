#!/bin/sh
# Tests of lade predict: a class and a probability for each file, the same results as eval, and invalid files.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
run synth shapes --class-count 5 --per-class 40 --size 32x32 --seed 2
expect 0
run train shapes --target-size 16x16 --seed 1 --epochs 6 --lr 0.05 --out net.safetensors
expect 0

# For each batch size, the predictions give the same confusion matrix as eval.
run eval net.safetensors shapes --json
expect 0
cp out eval.json
for size in 1 7 32 1000; do
    run predict net.safetensors shapes --batch-size $size --json
    expect 0
    silent
    json 'd["images"] == len(d["predictions"]) == 200 and d["skipped"] == 0 and d["bad"] == []' \
        'd["images_per_s"] > 0 and d["seconds"] > 0 and d["peak_rss_bytes"] > 1e6' \
        '[p["path"] for p in d["predictions"]] == sorted(p["path"] for p in d["predictions"])' \
        'all(p["path"].startswith("shapes/") and 0.2 <= p["probability"] <= 1 for p in d["predictions"])' \
        '(json.load(open("eval.json"))["confusion"] ==
            [[sum(p["class"] == predicted for p in d["predictions"] if p["path"].split("/")[1] == c)
              for predicted in ("circle", "ring", "square", "star", "triangle")]
             for c in ("circle", "ring", "square", "star", "triangle")])'
done
run predict net.safetensors shapes --top 3 --json
expect 0
json 'all(len(p["top"]) == 3 and p["top"][0] == {"class": p["class"], "probability": p["probability"]} and
          p["top"] == sorted(p["top"], key=lambda t: -t["probability"]) for p in d["predictions"])'

# The arguments can be files, folders with classes, and folders without classes. The output has the order of the
# arguments. The value of --top may be larger than the number of classes.
mkdir flat
cp shapes/star/0000.* flat
cp shapes/ring/0001.* flat/a-photo
run predict net.safetensors shapes/ring flat flat/a-photo --top 9
expect 0
silent
[ "$(wc -l <out)" -eq 42 ] || fail "the output does not have one line for each file"
prints '^(circle  |ring    |square  |star    |triangle)  +[0-9.]+%  .*  shapes/ring/0000.(jpg|png)$' \
    '^.*% .*% .*% .*% .*%  flat/0000.(jpg|png)$'
sed -n '$p' out | grep -q 'flat/a-photo$' || fail "the last line of the output is not flat/a-photo"

# A net with one output predicts two classes.
mkdir two
cp -r shapes/circle shapes/ring two
run train two --target-size 16x16 --class-mode binary --epochs 20 --validation two --out two.safetensors
expect 0
run predict two.safetensors two --top 2 --json
expect 0
json 'sum(p["class"] == p["path"].split("/")[1] for p in d["predictions"]) > 70' \
    'all(abs(p["top"][0]["probability"] + p["top"][1]["probability"] - 1) < 1e-6 and
         p["top"][0]["class"] != p["top"][1]["class"] for p in d["predictions"])'

# An invalid file is skipped, and the exit code is 1. With --on-error fail, the file ends the run.
echo text >flat/text.png
: >flat/void.jpg
for bad in flat flat/text.png; do
    run predict net.safetensors "$bad" --on-error fail
    expect 1 'flat/text.png: ' '--on-error skip'
done
run predict net.safetensors shapes/ring nowhere.jpg --batch-size 8 --on-error fail
expect 1 'nowhere.jpg: ' '--on-error skip'
[ "$(wc -l <out)" -eq 40 ] || fail "the predictions before the error are missing"
run predict net.safetensors shapes/ring nowhere.jpg --batch-size 8 --json --on-error fail
expect 1
json 'len(d["predictions"]) == d["images"] == 40'
run predict net.safetensors flat nowhere.jpg
expect 1 'flat/text.png: ' 'flat/void.jpg: ' 'nowhere.jpg: '
[ "$(wc -l <out)" -eq 1 ] || fail "the output does not have exactly one line"
run predict net.safetensors flat nowhere.jpg --on-error skip --json
expect 1
silent
json 'd["skipped"] == 3 and [b["path"] for b in d["bad"]] == ["flat/text.png", "flat/void.jpg", "nowhere.jpg"]' 'd["images"] == 1'
run predict net.safetensors nowhere.jpg --on-error skip
expect 1 nowhere.jpg
run predict net.safetensors flat --on-error skip --max-bad 1
expect 1 max_bad
run predict net.safetensors flat --on-error replace
expect 2 '--on-error replace'
mkdir empty
run predict net.safetensors empty
expect 1 empty

# If a weight is NaN, the net is refused.
python3 -SE - <<'END'
import json, struct
data = bytearray(open("net.safetensors", "rb").read())
size = struct.unpack("<Q", data[:8])[0]
at = 8 + size + json.loads(data[8 : 8 + size])["0.bias"]["data_offsets"][0]
data[at : at + 4] = struct.pack("<f", float("nan"))
open("nan.safetensors", "wb").write(data)
END
for command in predict eval; do
    run $command nan.safetensors shapes
    expect 1 nan.safetensors 'not finite'
    [ ! -s out ] || fail "something was printed"
done

# Errors: files that are not nets, and images that do not fit the net.
head -c 100 net.safetensors >cut.safetensors
run predict cut.safetensors shapes
expect 1 cut.safetensors
[ ! -s out ] || fail "standard output is not empty"
run predict shapes/ring/0000.jpg shapes
expect 1 shapes/ring/0000.jpg
run predict net.safetensors shapes --target-size 8x8
expect 2 '--target-size 8x8' 16x16
run predict net.safetensors shapes --data-format channels_first
expect 2 '--data-format channels_first'
run predict net.safetensors
expect 2 'FILE|DIR'
run predict net.safetensors shapes --top 0
expect 2 '--top 0'

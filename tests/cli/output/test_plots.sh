#!/bin/sh
# Tests of the plots of unusual runs: tiny learning rates, one epoch, long names, many classes, and no mistake.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
draw_shapes
form='--net mlp --target-size 8x8 --seed 1'

# The axis of the learning rate also fits values of 1e-7, so the line uses most of the height of its panel.
# shellcheck disable=SC2086
run train shapes $form --epochs 5 --optimizer sgd --lr 1e-7 --schedule cosine --validation shapes --plot tiny.svg
expect 0
python3 -SE - <<'END' || fail "the line of the learning rate is flat"
import re
paths = re.findall(r"<path [^>]*>", open("tiny.svg", encoding="utf-8").read())
lines = [re.search(r' d="(M [^"]*)"', p)[1] for p in paths if re.search(r"fill[:=]\W?none", p)]
points = [[float(n) for n in re.findall(r"-?[\d.]+", line)] for line in lines]
heights = [max(p[1::2]) - min(p[1::2]) for p in points if len(p) > 6]
assert len(heights) == 1 and heights[0] > 150, heights
END

# Long titles and subtitles continue on the next line, so the page is higher.
height() {
    sed -n 's/.*<svg [^>]* height="\([0-9]*\).*/\1/p' "$1"
}
long=a-rather-long-name-of-a-folder-that-nobody-would-choose-without-a-good-reason
mkdir -p $long/$long
cp -r shapes $long/$long/$long
# shellcheck disable=SC2086
run train $long/$long/$long $form --epochs 1 --validation shapes --plot long.svg --confusion long-matrix.svg --mistakes long-mistakes.png
expect 0
is_svg long.svg long-matrix.svg
is_png long-mistakes.png
[ "$(height long.svg)" -gt "$(height tiny.svg)" ] || fail "a long title is cut off"

# If there is no mistake, the sheet has no images.
mkdir one
cp -r shapes/ring one
# shellcheck disable=SC2086
run train shapes $form --epochs 1 --classes ring,star --validation-split 0 --out two.safetensors
expect 0
run predict two.safetensors shapes/ring shapes/star --json
expect 0
ask value '"\n".join(p["path"] for p in d["predictions"] if p["class"] == p["path"].split("/")[1])'
mkdir -p right/ring right/star
for file in $answer; do
    cp "$file" "right/${file#shapes/}"
done
run eval two.safetensors right --mistakes none.svg --confusion right.svg --json
expect 0
json 'd["accuracy"] == 1 and d["mistakes"] == []'
is_svg none.svg right.svg
if grep -q '<image' none.svg; then fail "a sheet without mistakes has an image"; fi

# With more than 200 classes, the table has only the worst classes, and the matrix has numbers instead of names.
mkdir many
python3 -SE - <<'END'
import os
for i in range(210):
    os.makedirs(f"many/class {i:03}")
    open(f"many/class {i:03}/x.ppm", "wb").write(b"P6 4 4 255\n" + bytes([i, 255 - i, i * 7 % 256] * 16))
END
run train many --net mlp --target-size 4x4 --seed 1 --epochs 1 --validation many --out many.safetensors
expect 0
run eval many.safetensors many --confusion many.svg
expect 0
is_svg many.svg
prints '20 of 210 classes, those with the lowest F1' '^  class +predicted as +images$' '^  top-5 '
[ "$(wc -l <out)" -lt 60 ] || fail "the table of 210 classes is too long"
run eval many.safetensors many --json
expect 0
json 'len(d["per_class"]) == len(d["confusion"]) == 210' 'len(d["mistakes"]) == round(210 - 210 * d["accuracy"])'

# On a terminal, long names are shortened, so that no line is longer than the terminal.
mkdir wide
for class in circle ring square star triangle; do
    cp -r shapes/$class "wide/$class of the class names that are much longer than usual"
done
run train wide --net mlp --target-size 8x8 --seed 1 --epochs 1 --validation-split 0 --out wide.safetensors
expect 0
on_terminal --columns 90 "$LADE" eval wide.safetensors wide
json 'd["code"] == 0' 'max(map(len, re.split("[\\r\\n]+", re.sub("\x1b[^A-Za-z]*[A-Za-z]", "", d["output"])))) <= 90' \
    '"usual" in d["output"] and "circle" in d["output"]'

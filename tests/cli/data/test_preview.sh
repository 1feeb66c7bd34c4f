#!/bin/sh
# Tests of lade preview: the format and the size of the sheet, and the selected batch.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
draw_shapes

run preview shapes -o sheet.png --batch-size 12 --target-size 32x32 --json
expect 0
silent
json 'd["images"] == 12' 'd["path"] == "sheet.png"' 'len(d["samples"]) == 12' \
    'all(s.split("/")[0] in ("circle", "ring", "square", "star", "triangle") for s in d["samples"])'
cp out first
run preview shapes -o again.png --batch-size 12 --target-size 32x32
expect 0
cmp sheet.png again.png || fail "the same options gave another sheet"
run preview shapes -o other.png --batch-size 12 --target-size 32x32 --seed 4 --json
expect 0
! cmp -s out first || fail "another seed gave the same samples"
run preview shapes -o last.png --batch-size 7 --target-size 16x16 --epoch 2 --step 8
expect 0
prints 'last.png: 4 images'
run preview shapes -o both.png --batch-size 12 --target-size 32x32 --before --rotation-range 30 --brightness-range 0.5,1.5 --featurewise-center
expect 0
run preview shapes -o odd.svg --batch-size 5 --target-size 20x50 --color-mode rgba --class-mode none --data-format channels_first
expect 0
run preview shapes -o grey.PNG --batch-size 1 --color-mode grayscale --dtype float32 --rescale 1/255
expect 0
prints 'grey.PNG: 1 image$'
python3 -SE - <<'END' || fail "the sheets have a wrong size or format"
import struct, xml.dom.minidom, zlib
def size(path):
    data = open(path, "rb").read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n" and data[-8:-4] == b"IEND"
    return struct.unpack(">II", data[16:24])
assert size("both.png")[0] * size("both.png")[1] > 1.3 * size("sheet.png")[0] * size("sheet.png")[1]
assert min(size("sheet.png")) >= 400 and min(size("grey.PNG")) >= 200
svg = xml.dom.minidom.parse("odd.svg").documentElement
assert svg.tagName == "svg" and len(svg.getElementsByTagName("image")) == 5
END

# The label of an image contains all its classes, the percentages of mixed classes, or its numbers. The lists differ
# only in the labels, so the difference in the number of glyphs is the difference in the lengths of the labels.
glyphs() {
    # shellcheck disable=SC2086
    run preview "$1" --batch-size 4 --target-size 8x8 -o labels.svg ${2-}
    expect 0
    silent
    grep -o '<use ' labels.svg | wc -l
}
list() {
    echo 'filename,class'
    for file in shapes/ring/000[0-3].*; do
        echo "$file,$1"
    done
}
list a >l.csv
one=$(glyphs l.csv)
list 'a|bb' >l.csv
two=$(glyphs l.csv '--label-separator |')
list 0.25 >l.csv
number=$(glyphs l.csv '--class-mode raw')
[ "$two" -ge $((one + 12)) ] || fail "two classes have $two glyphs, one class has $one"
[ "$number" -eq $((one + 12)) ] || fail "numbers have $number glyphs, one class has $one"
single=$(glyphs shapes --no-shuffle)
mixed=$(glyphs shapes '--seed 2 --mixup-alpha 4')
[ "$mixed" -gt "$single" ] || fail "mixed classes have $mixed glyphs, single classes have $single"

# A sheet that is too large for a PNG is refused.
python3 -SE - <<'END'
head = b"{'descr': '|u1', 'fortran_order': False, 'shape': (20000, 1, 1, 3), }"
head += b" " * (117 - len(head)) + b"\n"
open("many.npy", "wb").write(b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + bytes(60000))
END
run preview many.npy --class-mode none --batch-size 20000 -o many.png
expect 1 --batch-size '20,000 images'
[ ! -e many.png ] || fail "an incomplete sheet"

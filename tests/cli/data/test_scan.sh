#!/bin/sh
# Tests of lade scan: counts, formats, sizes and invalid files.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
draw_shapes

run scan shapes
expect 0
silent
prints '^shapes: 60 images in 5 classes' '^  ring +12$' 'formats +jpeg 30, png 30' 'all 32x32'
run scan shapes --json --check --workers 1
expect 0
json 'd["images"] == 60' 'd["bad"] == [] and d["bad_count"] == 0' 'd["checked"] is True' \
    'd["classes"] == {"circle": 12, "ring": 12, "square": 12, "star": 12, "triangle": 12}' \
    'd["formats"] == {"jpeg": 30, "png": 30}' 'd["bytes"] > 1000' 'd["seconds"] > 0'
run scan shapes --classes star,ring --json
expect 0
json 'd["classes"] == {"star": 12, "ring": 12}'
run scan shapes --classes star,moon
expect 1 moon

# Files in sub-folders belong to the class of the outer folder. Hidden files and files with other suffixes are ignored.
# The content of a file decides its format.
mkdir -p tree/a/deep tree/b tree/.hidden
cp shapes/ring/0000.jpg tree/a/deep/one.JPG
cp shapes/ring/0001.png tree/a/really-a-png.jpeg
cp shapes/ring/0001.png tree/a/.thumb.png
cp shapes/ring/0001.png tree/.hidden/x.png
cp shapes/star/0001.png tree/b/x.png
echo text >tree/b/readme.txt
run scan tree --json
expect 0
json 'd["classes"] == {"a": 2, "b": 1}' 'd["formats"] == {"jpeg": 1, "png": 2}' \
    'd["ignored"]["count"] == 3' 'd["ignored"]["reasons"]["dot"] == {"count": 2, "first": [".hidden", "a/.thumb.png"]}' \
    'd["ignored"]["suffixes"] == {"txt": {"count": 1, "first": ["b/readme.txt"]}}'
run scan tree
expect 0
prints '^ignored: 3 items' 'suffixes +.txt 1' ' b/readme.txt$' 'dot: .hidden, a/.thumb.png$'

# A class folder without images has a row with the count 0. `lade flow` prints a warning about the folder.
mkdir tree/nothing
run scan tree --json
expect 0
json 'd["classes"] == {"a": 2, "b": 1, "nothing": 0}' 'not d["looks_like_parts"]'
run flow tree
expect 0 warning nothing
run flow tree --refuse-empty-classes
expect 1 tree/nothing
rmdir tree/nothing

# With --all-files, the content of a file decides whether the file is an image.
cp shapes/ring/0001.png tree/b/download
run scan tree --json --all-files
expect 0
json 'd["classes"] == {"a": 2, "b": 2}' 'd["ignored"]["reasons"]["content"]["first"] == ["b/readme.txt"]'
run flow tree --all-files --json
expect 0
run scan tree --json --all-files --check
expect 0
json 'd["images"] == 4'
rm tree/b/download

# If a tree has no images, the paths of the ignored files are printed.
mkdir -p phone/a
echo text >phone/a/IMG_1.HEIC
run scan phone
expect 0
prints ' a/IMG_1.HEIC$'

# If all class folders have names such as train and test, lade reports that the folders are parts of a data set.
mkdir -p parts/train/cat parts/test/cat
cp shapes/ring/0001.png parts/train/cat
cp shapes/ring/0002.jpg parts/test/cat
run scan parts
expect 0 'test, train' parts/test
run scan parts --json
expect 0
silent
json 'd["looks_like_parts"]'
run flow parts
expect 0 'test, train'

# Suffixes are compared as ASCII. In a Turkish locale, the lower case of I is not i.
mkdir -p upper/a locales
cp "$LADE_SOURCE_DIR/tests/golden/images/fourcolors.gif" upper/a/X.GIF
cp shapes/ring/0001.png upper/a/Y.TIFF
if localedef -c -i tr_TR -f UTF-8 locales/tr_TR.UTF-8 >/dev/null 2>&1 || [ -d locales/tr_TR.UTF-8 ]; then
    LC_ALL=tr_TR.UTF-8 LOCPATH=$PWD/locales "$LADE" scan upper --json >out 2>err || fail "scan in a Turkish locale"
    json 'd["images"] == 2'
fi

# Files of all formats and suffixes. The class folder is a link to tests/golden/images.
mkdir kinds
ln -s "$LADE_SOURCE_DIR/tests/golden/images" kinds/all
run scan kinds --json
expect 0
json 'd["images"] == 140' 'd["formats"]["jpeg"] == 14' 'd["formats"]["png"] == 12' 'd["formats"]["bmp"] == 21' \
    'd["formats"]["pnm"] == 22' 'd["images"] == sum(d["formats"].values())'
# Grey of 16 bits: 1 PNG and 4 PGM files, and 4 TIFF files if the build reads TIFF.
json 'd["grey16"] == (9 if d["formats"].get("tiff") else 5)'
run scan kinds
expect 0
prints '16 bits .* grey; dtype uint8 divides'

run scan kinds --check --json
# The only invalid files have a format that this build does not support, or are TIFF files with signed or float values.
json 'd["checked"]' 'all("-DLADE_" in b["cause"] or "no fixed black" in b["cause"] for b in d["bad"])'

# lade scan finds the header of a JPEG file after a megabyte of other segments.
python3 -SE - <<'END'
jpeg = open("shapes/ring/0000.jpg", "rb").read()
segment = b"\xff\xed" + (65535).to_bytes(2, "big") + bytes(65533)
open("tree/b/long.jpg", "wb").write(jpeg[:2] + segment * 20 + jpeg[2:])
END
run scan tree --json
expect 0
json 'd["formats"]["jpeg"] == 2' 'd["bad"] == []'

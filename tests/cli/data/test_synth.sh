#!/bin/sh
# Tests of lade synth: the files, and their bytes, which depend on the seed. synth refuses a directory that contains
# files.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"

run synth one --class-count 3 --per-class 4 --seed 7 --json
expect 0
json 'd["images"] == 12' 'd["classes"] == 3' 'd["seconds"] >= 0'
[ "$(ls one)" = "$(printf 'circle\nsquare\ntriangle')" ] || fail "the classes are $(ls one)"
[ "$(cd one/circle && echo *)" = '0000.jpg 0001.png 0002.jpg 0003.png' ] || fail "the files are $(ls one/circle)"
run synth two --class-count 3 --per-class 4 --seed 7
expect 0
prints '12 images of 64x64 in 3 classes'
diff -r one two || fail "the same seed gave other pictures"
run synth three --class-count 3 --per-class 4 --seed 8
expect 0
! cmp -s one/circle/0000.jpg three/circle/0000.jpg || fail "another seed gave the same picture"

run synth png --class-count 16 --per-class 1 --size 40x30 --formats png
expect 0
[ "$(find png -name '*.png' | wc -l)" -eq 16 ] || fail "the number of PNG files is not 16"
run scan png --json
expect 0
json 'd["sizes"] == [{"height": 40, "width": 30, "images": 16}]' 'd["formats"] == {"png": 16}' 'len(d["classes"]) == 16'

run synth all --class-count 2 --per-class 4 --size 9x14 --formats jpeg,bmp,ppm,png
expect 0
[ "$(cd all/circle && echo *)" = '0000.jpg 0001.bmp 0002.ppm 0003.png' ] || fail "the files are $(ls all/circle)"
run scan all --check --json
expect 0
json 'd["formats"] == {"jpeg": 2, "bmp": 2, "pnm": 2, "png": 2}' 'd["bad"] == []' 'len(d["sizes"]) == 1'

# synth accepts an empty directory. It refuses any other directory and does not change it.
mkdir empty
run synth empty --class-count 1 --per-class 1
expect 0
run synth one
expect 1 'one: '
diff -r one two || fail "a refused synth changed the directory"
run synth missing/deep
expect 1 missing/deep
run synth one/circle/0000.jpg
expect 1 one/circle/0000.jpg

# If synth fails, it removes its files.
(
    ulimit -f 8 # 8 blocks of 512 bytes are too small for an image of 512x512
    trap '' XFSZ
    run synth big --size 512x512 --class-count 1 --per-class 2 --formats png
    expect 1 big/circle/0000.png
)
[ ! -e big ] || fail "a failed synth has not removed these files: $(find big)"

# A directory without write permission.
mkdir locked
chmod a-w locked
run_unprivileged synth locked --class-count 2 --per-class 1
expect 1 locked/circle

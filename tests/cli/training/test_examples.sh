#!/bin/sh
# Tests of the examples that stream images or train: their output and their files.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
run synth shapes --class-count 3 --per-class 20 --size 32x32 --seed 1
expect 0

example() {
    last="(the example) $*" code=0 program=$1
    shift
    "$LADE_BINARY_DIR/examples/$program" "$@" >out 2>err || code=$?
    expect 0
    silent
}

# Three variants of gradient descent. A variant with fewer steps in an epoch converges more slowly.
example logistic curves.svg
python3 -SE - <<'END' || fail "the curves are wrong"
import xml.dom.minidom
lines = xml.dom.minidom.parse("curves.svg").getElementsByTagName("polyline")
assert [len(l.getAttribute("points").split()) for l in lines] == [129, 129, 9]
rows = [[float(word) for word in line.split()] for line in open("out").read().splitlines()[1:]]
assert len(rows) == 8 and all(a < b < c for _, a, b, c in rows) and rows[7][3] < rows[0][3]
END

# The example train uses early stopping and writes a checkpoint.
example train shapes
prints '^epoch 0: loss [0-9.]+, accuracy [0-9.]+; validation loss [0-9.]+, accuracy [0-9.]+$'
run eval shapes.safetensors shapes --json
expect 0
json 'd["images"] == 60' 'd["accuracy"] > 0.5'

# The example "steered" divides the learning rate by 10 when the loss rises.
example steered shapes
prints '^loss [0-9.]+$' '^loss [0-9.]+; divide the learning rate by 10$'
[ "$(wc -l <out)" -eq 12 ] || fail "the output does not have 12 lines"

# The example residual prints the table of its layers, and the accuracy of each epoch.
example residual shapes
prints '^4\.0\.3 +conv 16 3 same +16x16x16 +2320$' '^4\.1 +identity$' '^epoch 7: loss [0-9.]+, accuracy [0-9.]+$'

# The example step_loop calls the parts of a training step itself, and clips each gradient.
example step_loop
prints '^step 500: loss 0\.[01][0-9]*, accuracy (0\.9|1\.0)[0-9]*$'

example stream shapes
example scan shapes
example transform shapes/circle/0000.jpg circle.png posterize=1 flip_horizontal=1
is_png circle.png

# A stream from a database has the same digest as a stream of the same images from class folders.
if [ -x "$LADE_BINARY_DIR/examples/sqlite_reader" ]; then
    python3 -SE - <<'END' || fail "the database was not made"
import pathlib, sqlite3
images = sorted(pathlib.Path("shapes").glob("*/*"))
with sqlite3.connect("shapes.db") as db:
    db.execute("CREATE TABLE images (name TEXT, class TEXT, bytes BLOB)")
    db.executemany("INSERT INTO images VALUES (?, ?, ?)",
                   [(str(i.relative_to("shapes")), i.parent.name, i.read_bytes()) for i in images])
END
    example sqlite_reader shapes.db
    prints '^60 images, digest [0-9a-f]{32}$'
    digest=$(sed 's/.* //' out)
    run flow shapes --target-size 32x32 --batch-size 8 --seed 1 --rescale 1/255 --rotation-range 20 --zoom-range 0.8,1.2 \
        --horizontal-flip --digest --json
    json "d['digest'] == '$digest'"
else
    echo "skipped: the example sqlite_reader needs SQLite (tools/install-packages test)"
fi

#!/bin/sh
# Tests of lade train, eval and predict with nets that predict several labels or numbers. A Python program also computes
# the metrics, with the formulas of scikit-learn, and the results are compared.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
cat >images.py <<'END'
"""Writes images of 16x16 pixels, whose three channels are bright or dark, and three lists of their labels."""
import os
import random
import struct
import zlib

r = random.Random(7)
names = ["deep blue", "green", "red"]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(pixel):
    row = b"\0" + bytes(pixel) * 16
    header = struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(row * 16)) + chunk(b"IEND", b"")


os.mkdir("photos")
with open("tags.csv", "w") as tags, open("columns.csv", "w") as columns, open("numbers.csv", "w") as numbers:
    tags.write("filename,tags\n")
    columns.write("filename," + ",".join(names) + "\n")
    numbers.write("filename,brightness,contrast\n")
    for i in range(120):
        bright = [r.random() < 0.4 for _ in names]
        levels = [(r.randrange(120, 250) if b else r.randrange(5, 140)) for b in bright]
        path = f"photos/{i:03}.png"
        with open(path, "wb") as f:
            f.write(png(levels[::-1]))
        tags.write(f'{path},"{"|".join(n for n, b in zip(names, bright) if b)}"\n')
        columns.write(path + "," + ",".join(str(int(b)) for b in bright) + "\n")
        numbers.write(f"{path},{sum(levels) / 300:.4f},{(max(levels) - min(levels)) / 100:.4f}\n")
END
python3 -SE images.py
cat >reference.py <<'END'
"""Computes the metrics of eval.json from predictions.csv and the list of the true labels."""
import csv
import json
import sys

got = json.load(open("eval.json", encoding="utf-8"))
predictions = {row["filename"]: row for row in csv.DictReader(open("predictions.csv", encoding="utf-8"))}
truths = {row["filename"]: row for row in csv.DictReader(open(sys.argv[1], encoding="utf-8"))}
assert len(predictions) == len(truths) == got["images"]
prefix, *columns = sys.argv[2:]
p = [[float(predictions[f][prefix + (c if prefix == "probability_" else str(i + 1))]) for f in truths]
     for i, c in enumerate(columns)]
y = [[float(truths[f][c]) for f in truths] for c in columns]


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def near(name, value, expected):
    assert abs(value - expected) < 1e-5, f"{name}: {value}, not {expected}"


def average_precision(y, p):
    total, last = 0, 0
    for threshold in sorted(set(p), reverse=True):
        found = [t for t, v in zip(y, p) if v >= threshold]
        recall = sum(found) / sum(y)
        total += (recall - last) * sum(found) / len(found)
        last = recall
    return total


def r2(y, p):
    return 1 - sum((t - v) ** 2 for t, v in zip(y, p)) / sum((t - mean(y)) ** 2 for t in y)


if prefix == "probability_":
    near("mean", got["mean_average_precision"], mean(map(average_precision, y, p)))
    rows = [r for r in zip(*[[(t == 1) == (v >= 0.5) for t, v in zip(*c)] for c in zip(y, p)])]
    near("accuracy", got["accuracy"], mean(mean(r) for r in rows))
    near("exact_match", got["exact_match"], mean(all(r) for r in rows))
    assert len(got["mistakes"]) == sum(not all(r) for r in rows)
    for c, t, v, g in zip(columns, y, p, got["per_label"]):
        hits = sum(a == 1 and b >= 0.5 for a, b in zip(t, v))
        assert g["class"] == c and g["images"] == sum(t)
        near(c, g["average_precision"], average_precision(t, v))
        near(c, g["precision"], hits / sum(b >= 0.5 for b in v))
        near(c, g["recall"], hits / sum(t))
        near(c, g["f1"], 2 * hits / (sum(t) + sum(b >= 0.5 for b in v)))
    for f, row in predictions.items():
        assert row["class"] == "|".join(c for c in columns if float(row["probability_" + c]) >= 0.5), row
else:
    near("mae", got["mae"], mean(mean(abs(a - b) for a, b in zip(*c)) for c in zip(y, p)))
    near("r2", got["r2"], mean(map(r2, y, p)))
    near("loss", got["loss"], mean(mean((a - b) ** 2 for a, b in zip(*c)) for c in zip(y, p)))
    for t, v, g in zip(y, p, got["per_output"]):
        near("mae of an output", g["mae"], mean(abs(a - b) for a, b in zip(t, v)))
        near("r2 of an output", g["r2"], r2(t, v))
    assert len(got["errors"]) == len(truths)
losses = [m["loss"] for m in got.get("mistakes", got.get("errors"))]
assert losses == sorted(losses, reverse=True)
END
form='--target-size 16x16 --seed 1 --net mlp --optimizer adam --lr 0.002 --threads 1'

# ---- Several labels ----------------------------------------------------------------------------------------------------
# shellcheck disable=SC2086
run train tags.csv --y-col tags --label-separator '|' $form --epochs 6 --out tags.safetensors --log tags.log \
    --plot curve.svg --mistakes worst.png --json
expect 0
json 'd["outputs"] == 3 and d["classes"] == 3 and d["held_out"] == 24' \
    '0.5 < d["val_mean_average_precision"] <= 1 and 0.5 < d["val_accuracy"] <= 1' \
    'all(0 < e["val_mean_average_precision"] <= 1 for e in d["epochs"])' \
    'd["best_epoch"] == min(d["epochs"], key=lambda e: e["val_loss"])["epoch"] == d["kept_epoch"]'
losses=$(value '[e["loss"] for e in d["epochs"]]')
is_svg curve.svg
is_png worst.png
head -n 1 tags.log | grep -q ',val_mean_average_precision$' || fail "the log has no column of the mean average precision"
[ "$(wc -l <tags.log)" -eq 7 ] || fail "the log does not have 6 epochs"

# A column for each label gives the same training.
# shellcheck disable=SC2086
run train columns.csv --class-mode raw --y-col 'deep blue,green,red' --loss binary-cross-entropy $form --epochs 6 \
    --out columns.safetensors --json
expect 0
[ "$losses" = "$(value '[e["loss"] for e in d["epochs"]]')" ] || fail "the two lists do not give the same training"
# shellcheck disable=SC2086
run train tags.csv --y-col tags --label-separator '|' $form --epochs 1
expect 0
prints 'with 3 labels' 'accuracy +validation loss +validation accuracy +mean AP' '^ +mean AP +0\.[0-9]{4}'

# A weight for each class changes the training.
# shellcheck disable=SC2086
for weight in balanced 2,1,1; do
    run train tags.csv --y-col tags --label-separator '|' $form --epochs 1 --class-weight $weight --json
    expect 0
    json "d['epochs'][0]['loss'] != ${losses}[0]"
done
run predict tags.safetensors photos --csv predictions.csv --json
expect 0
json 'len(d["predictions"]) == 120' \
    'all(p["classes"] == [c for c, v in p["probabilities"].items() if v >= 0.5] for p in d["predictions"])'
run predict tags.safetensors photos
expect 0
prints '^(no class|(deep blue|green|red) [0-9]+%(, (green|red) [0-9]+%)*)  photos/000.png$'
run predict tags.safetensors photos --top 2
expect 0
prints '^(deep blue|green|red) +[0-9.]+%  (deep blue|green|red) +[0-9.]+%  photos/000.png$'
for net in tags columns; do
    run eval $net.safetensors tags.csv --y-col tags --label-separator '|' --mistakes worst.svg --json
    expect 0
    is_svg worst.svg
    cp out eval.json
    python3 -SE reference.py columns.csv probability_ 'deep blue' green red || fail "$net: the metrics are wrong"
    # Without options, the columns have the names of the labels.
    run eval $net.safetensors columns.csv --json
    expect 0
    loss=$(value 'd["loss"]')
    [ "$loss" = "$(python3 -SE -c 'import json; print(json.load(open("eval.json"))["loss"])')" ] || fail "the losses differ"
done
run eval tags.safetensors tags.csv --y-col tags --label-separator '|'
expect 0
prints '^ +label +images +average precision +precision +recall +F1' '^ +deep blue +[0-9]+ ' 'mean AP +[01]\.[0-9]{4}'
# The predictions can be the labels of another training.
# shellcheck disable=SC2086
run train predictions.csv --directory . --label-separator '|' $form --epochs 1 --net tags.safetensors --json
expect 0

# ---- Numbers -----------------------------------------------------------------------------------------------------------
# shellcheck disable=SC2086
run train numbers.csv --class-mode raw --y-col brightness,contrast $form --epochs 8 --out numbers.safetensors \
    --log numbers.log --plot curve.svg --mistakes worst.png --json
expect 0
json 'd["outputs"] == 2 and d["classes"] == 0 and d["val_accuracy"] is None' 'd["val_r2"] > 0 and d["val_mae"] > 0' \
    'd["best_epoch"] == min(d["epochs"], key=lambda e: e["val_loss"])["epoch"] == d["kept_epoch"]'
head -n 1 numbers.log | grep -q ',val_mae,val_r2$' || fail "the log has no columns of MAE and R2"
run predict numbers.safetensors photos --csv predictions.csv --json
expect 0
json 'all(len(p["values"]) == 2 for p in d["predictions"])'
run predict numbers.safetensors photos
expect 0
prints '^-?[0-9.]+, -?[0-9.]+  photos/000.png$'
run eval numbers.safetensors numbers.csv --y-col brightness,contrast --mistakes worst.svg --json
expect 0
cp out eval.json
python3 -SE reference.py numbers.csv value_ brightness contrast || fail "the metrics are wrong"
run eval numbers.safetensors numbers.csv --y-col brightness,contrast
expect 0
prints '^ +output +MAE +R2' '^ +brightness ' '^ +MAE ' '^ +R2 '
# A continued run has the same epochs, but not the metrics of earlier processes.
# shellcheck disable=SC2086
run train numbers.csv --class-mode raw --y-col brightness $form --epochs 2 --out one.safetensors
expect 0
prints 'with 1 number ' '^ +epoch +loss +validation loss +MAE +R2 '
# shellcheck disable=SC2086
run train numbers.csv --class-mode raw --y-col brightness $form --epochs 3 --out one.safetensors --resume --json
expect 0
json '[e["val_mae"] is None for e in d["epochs"]] == [True, True, False]'
# shellcheck disable=SC2086
run train numbers.csv --class-mode raw --y-col brightness $form --epochs 3 --out whole.safetensors
expect 0
cmp one.safetensors whole.safetensors || fail "a run with an interruption does not end with the same file"
run predict one.safetensors photos --csv one.csv
expect 0
[ "$(head -n 1 one.csv)" = filename,value ] || fail "the column is not named value"

# ---- Arrays ------------------------------------------------------------------------------------------------------------
for list in 'columns deep blue,green,red' 'numbers brightness,contrast'; do
    name=${list%% *}
    run flow "$name.csv" --class-mode raw --y-col "${list#* }" --target-size 16x16 --no-shuffle --dtype uint8 --out "$name.npy"
    expect 0
done
run train columns.npy --labels columns-y.npy --class-mode raw --loss binary-cross-entropy --net mlp --epochs 2 --seed 1 \
    --validation columns.npy --validation-labels columns-y.npy --out array.safetensors --json
expect 0
ap=$(value 'd["val_mean_average_precision"]')
run eval array.safetensors columns.npy --labels columns-y.npy --json
expect 0
json 'd["images"] == 120' '[g["class"] for g in d["per_label"]] == ["0", "1", "2"]' "d['mean_average_precision'] >= 0.5 < $ap"
run train numbers.npy --labels numbers-y.npy --class-mode raw --net mlp --lr 1e-9 --epochs 1 --out array.safetensors --force \
    --mistakes worst.png
expect 0 R2
run eval array.safetensors numbers.npy --labels numbers-y.npy --json
expect 0
json 'd["images"] == 120 and d["r2"] < 0'

# ---- Metrics that are computed by hand ---------------------------------------------------------------------------------
cat >nets.py <<'END'
"""Writes nets with known parameters, four images whose red values are 51, 102, 153 and 204, and their labels."""
import json
import struct

RED, ZERO = [10 / 16 if i % 3 == 0 else 0.0 for i in range(48)], [0.0] * 48  # 10 * (mean of the red values), and 0


def write(path, weights, bias, loss, names):
    n = len(bias)
    data = struct.pack(f"<{48 * n}f", *sum(weights, [])) + struct.pack(f"<{n}f", *bias)
    head = {"0.weight": {"dtype": "F32", "shape": [n, 48], "data_offsets": [0, 192 * n]},
            "0.bias": {"dtype": "F32", "shape": [n], "data_offsets": [192 * n, 196 * n]},
            "__metadata__": {"lade.format": "1", "lade.spec": f"dense {n}", "lade.sample_shape": "4x4x3", "lade.loss": loss}}
    if names:
        head["__metadata__"]["lade.class_names"] = json.dumps(names)
    text = json.dumps(head).encode()
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


write("line.safetensors", [RED], [0.0], "mean_squared_error", None)  # predicts 2, 4, 6, 8
write("abc.safetensors", [ZERO, RED, ZERO], [0.0, -5.0, -5.0], "binary_cross_entropy", ["a", "b", "c"])
many = [f"l{i}" for i in range(41)]
write("many.safetensors", [ZERO] * 41, [0.0] * 41, "binary_cross_entropy", many)
with open("four.csv", "w") as f:
    f.write("filename,y,same,a,b,c," + ",".join(many) + "\n")
    for k, row in enumerate(("1,5,1,0,0", "4,5,0,1,0", "8,5,0,0,0", "7,5,1,1,0")):
        with open(f"{k}.ppm", "wb") as image:
            image.write(b"P6 4 4 255\n" + bytes([51 * k + 51, 0, 0]) * 16)
        f.write(f"{k}.ppm,{row}" + ",1" * 40 + (",1" if k else ",0") + "\n")
END
python3 -SE nets.py
near() {
    json "abs($1 - ($2)) < 1e-5"
}
run eval line.safetensors four.csv --y-col y --json
expect 0
near 'd["mae"]' 1
near 'd["r2"]' '1 - 6 / 30'
near 'd["loss"]' '6 / 4'
json '[d["errors"][i]["path"] for i in (0, 3)] == ["2.ppm", "1.ppm"]' 'd["errors"][0]["values"] == [8]'
run eval line.safetensors four.csv --y-col same --json
expect 0
near 'd["r2"]' 0
near 'd["mae"]' 2
run eval abc.safetensors four.csv --json
expect 0
near 'd["per_label"][0]["average_precision"]' '1 / 2'
near 'd["per_label"][1]["average_precision"]' '1 / 2 + 1 / 2 * 2 / 3'
json 'd["per_label"][2]["average_precision"] is None' 'd["per_label"][2]["recall"] is None' \
    'sorted((m["path"], m["classes"], m["predicted"]) for m in d["mistakes"]) == [("1.ppm", ["b"], ["a"]), ("2.ppm", [], ["a", "b"])]'
near 'd["mean_average_precision"]' '(1 / 2 + 5 / 6) / 2'
near 'd["accuracy"]' '8 / 12'
near 'd["exact_match"]' '1 / 2'
run eval many.safetensors four.csv
expect 0
prints '^the 20 of 41 labels' '^  l40 +3 +75.0%'
[ "$(grep -c '^  l[0-9]' out)" -eq 20 ] || fail "the table does not have 20 labels"

# ---- Options that do not fit the labels --------------------------------------------------------------------------------
run train numbers.csv --class-mode raw --y-col brightness --loss softmax-cross-entropy
expect 2 --loss
run train tags.csv --y-col tags --label-separator '|' --loss mean-squared-error
expect 2 --loss
run train tags.csv --y-col tags --label-separator '|' --class-mode sparse
expect 2 --label-separator sparse
run train numbers.csv --class-mode raw --y-col brightness --confusion matrix.png
expect 2 --confusion
run train numbers.csv --class-mode raw --y-col brightness --class-weight 1,2
expect 2 --class-weight
run train numbers.csv --class-mode raw --y-col brightness --net tags.safetensors
expect 2 --net tags.safetensors
run train columns.csv --class-mode raw --y-col green,red --loss binary-cross-entropy --net mlp --target-size 8x8 --epochs 1 \
    --out two.safetensors
expect 0
run eval two.safetensors columns.csv --y-col red,green
expect 2 red green
run eval tags.safetensors tags.csv --confusion matrix.png
expect 2 --confusion
run eval numbers.safetensors numbers.csv --y-col brightness
expect 2 --y-col numbers.safetensors
run predict numbers.safetensors photos --top 2
expect 2 --top

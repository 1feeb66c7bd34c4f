#!/bin/sh
# The metrics of lade eval have the definitions of scikit-learn. The test computes them from the predictions of lade
# predict.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
run synth shapes --class-count 8 --per-class 20 --size 16x16 --seed 3
expect 0
run train shapes --net mlp --target-size 8x8 --seed 1 --epochs 2 --validation shapes --out net.safetensors
expect 0
run predict net.safetensors shapes --top 8 --json --csv all.csv
expect 0
cp out predictions.json
run eval net.safetensors shapes --json
expect 0
cp out eval.json
cat >reference.py <<'END'
"""Computes the metrics of predictions.json, and compares them with eval.json."""
import csv
import json

predictions = json.load(open("predictions.json", encoding="utf-8"))["predictions"]
got = json.load(open("eval.json", encoding="utf-8"))
truth = [p["path"].split("/")[1] for p in predictions]
top = [[t["class"] for t in p["top"]] for p in predictions]


def near(name, value):
    assert abs(got[name] - value) < 1e-6, f"{name}: {got[name]}, not {value}"


def mean(values):
    values = list(values)
    return sum(values) / len(values)


classes = sorted(set(truth) | {t[0] for t in top})
scores = []
for c in classes:
    true_positives = sum(t == c == k[0] for t, k in zip(truth, top))
    predicted, actual = sum(k[0] == c for k in top), truth.count(c)
    precision = true_positives / predicted if predicted else 0
    recall = true_positives / actual if actual else 0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0
    scores.append((precision, recall, f1))
near("accuracy", mean(t == k[0] for t, k in zip(truth, top)))
near("macro_precision", mean(s[0] for s in scores))
near("macro_recall", mean(s[1] for s in scores))
near("macro_f1", mean(s[2] for s in scores))
f1 = {c["class"]: c["f1"] for c in got["per_class"]}
assert all(abs((f1[c] or 0) - s[2]) < 1e-6 for c, s in zip(classes, scores))
wrong = {p["path"].split("/", 1)[1] for p, t, k in zip(predictions, truth, top) if t != k[0]}
assert {m["path"] for m in got["mistakes"]} == wrong, "not all mistakes"
if len(top[0]) > 5:
    near("top_5_accuracy", mean(t in k[:5] for t, k in zip(truth, top)))
    assert got["top_5_accuracy"] > got["accuracy"] and got["roc_auc"] is None and len(wrong) > 24
else:
    second = sorted(got["classes"])[1]
    scores = [next(k["probability"] for k in p["top"] if k["class"] == second) for p in predictions]
    positive = [s for s, t in zip(scores, truth) if t == second]
    negative = [s for s, t in zip(scores, truth) if t != second]
    near("roc_auc", mean((p > n) + (p == n) / 2 for p in positive for n in negative))
    assert got["top_5_accuracy"] is None
with open("all.csv", encoding="utf-8", newline="") as f:
    rows = list(csv.DictReader(f))
assert [r["filename"] for r in rows] == [p["path"] for p in predictions]
assert [r["class"] for r in rows] == [k[0] for k in top]
last = len(top[0])
assert all(abs(float(r[f"probability_{last}"]) - p["top"][-1]["probability"]) < 1e-6 for r, p in zip(rows, predictions))
END
python3 -SE reference.py || fail "the metrics are wrong"
run eval net.safetensors shapes
expect 0
prints '^  top-5 +[0-9.]+%$' '^  macro +precision [0-9.]+%, recall [0-9.]+%, F1 [0-9.]+%$'

# Two classes, with one output and with two outputs.
mkdir two
cp -r shapes/circle shapes/ring two
for mode in binary categorical; do
    run train two --net mlp --target-size 8x8 --seed 1 --epochs 2 --class-mode $mode --validation two --out two.safetensors --force
    expect 0
    run predict two.safetensors two --top 2 --json --csv all.csv
    expect 0
    cp out predictions.json
    run eval two.safetensors two --json
    expect 0
    cp out eval.json
    python3 -SE reference.py || fail "the metrics of two classes are wrong"
done
run eval two.safetensors two
expect 0
prints '^  ROC-AUC +[0-9.]+$'

# If all images have the same class, ROC-AUC is not defined. Recall and F1 of the other class are 0.
mkdir only
cp -r two/ring only
run eval two.safetensors only --json
expect 0
json 'd["roc_auc"] is None' '0 <= d["macro_recall"] <= 1'

# The CSV is a list that lade can read. A name with a comma and a quote is quoted.
mkdir 'odd, "name"'
cp two/ring/0000.* 'odd, "name"'
run predict two.safetensors 'odd, "name"' two --csv guessed.csv
expect 0
prints 'odd, "name"/0000'
[ "$(wc -l <guessed.csv)" -eq 42 ] || fail "the CSV does not have a header and 41 rows"
run flow guessed.csv --target-size 8x8 --json
expect 0
json 'd["dataset_samples"] == 41' 'd["classes"] <= 2'
run predict two.safetensors two --csv none/guessed.csv
expect 1 '--csv none/guessed.csv'
run predict two.safetensors nothing.jpg --on-error fail --csv partial.csv
expect 1 nothing.jpg
[ ! -e partial.csv ] || fail "a run that failed has written a CSV"

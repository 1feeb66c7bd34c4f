#!/bin/sh
# Tests of lade scan --check. Each file is counted once, the counts add up to the number of files, and problems with
# folders do not end the scan.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
draw_shapes
sum='d["ok"] + d["damaged_count"] + d["invalid_count"] + d["unreadable_count"] == d["images"] == sum(d["classes"].values())'
lists='len(d["damaged"]) == d["damaged_count"] and len(d["bad"]) == d["bad_count"] == d["invalid_count"] + d["unreadable_count"]'

mkdir -p tree/a/deep tree/b tree/empty
cp shapes/ring/0000.jpg shapes/ring/0001.png tree/a
cp shapes/star/0000.jpg tree/a/deep
cp shapes/star/0001.png tree/b
{ cat shapes/ring/0002.jpg; echo tail; } >tree/b/tail.jpg
head -c -12 shapes/ring/0003.png >tree/b/no-end.png
head -c -100 shapes/ring/0004.jpg >tree/b/cut.jpg
head -c 20 shapes/ring/0005.png >tree/b/header.png
echo text >tree/b/text.png
ln -s nowhere tree/b/broken.jpg
ln -s .. tree/upclass
ln -s .. tree/a/deep/up

run scan tree --json
expect 0
json "$sum" "$lists" 'd["ok"] == 7 and d["invalid_count"] == 2 and d["unreadable_count"] == 1 and d["checked"] is False' \
    'd["classes"] == {"a": 3, "b": 7, "empty": 0}' '{b["kind"] for b in d["bad"]} == {"invalid", "unreadable"}' \
    '[p["path"] for p in d["problems"]] == ["upclass", "empty"]'
for workers in 1 3; do
    run scan tree --check --json --workers $workers
    expect 1 '4 of 10'
    json "$sum" "$lists" 'd["ok"] == 4 and d["images"] == 10' \
        '[b["path"] for b in d["damaged"]] == ["b/no-end.png", "b/tail.jpg"]' \
        '[b["path"] for b in d["bad"]] == ["b/cut.jpg", "b/header.png", "b/text.png", "b/broken.jpg"]'
done
run scan tree --check
expect 1
prints '^  ok +4$' '^  damaged +2,' '^  invalid +3$' '^  unread +1,' '^  empty +0$' 'tree/b/tail.jpg: .*5 bytes' \
    'tree/b/no-end.png: .*IEND' 'tree/b/broken.jpg: .*No such file' 'tree/upclass ' 'tree/empty '
run scan tree --follow-links --json
expect 0
json 'd["images"] == 10' '"a/deep/up" in [p["path"] for p in d["problems"]]'

# Damaged files alone do not change the exit status.
rm tree/b/cut.jpg tree/b/header.png tree/b/text.png tree/b/broken.jpg tree/upclass
rmdir tree/empty
run scan tree --check --json
expect 0
json "$sum" "$lists" 'd["ok"] == 4 and d["damaged_count"] == 2 and d["problems"] == []'

# The statistics contain the number of files that were used, and a list of all other files.
for i in 1 2 3; do
    echo text >tree/b/$i.png
done
run scan tree --print-stats --json
expect 1 ': 3, '
json 'd["stats_complete"] is False' 'd["stats_images"] == 6 and len(d["stats_left_out"]) == 3' 'd["stats_images"] + len(d["stats_left_out"]) == d["images"]'
run scan tree --stats-out part.json
expect 1 ': 3, '
grep -q '"left_out": 3' part.json || fail "the file does not contain the number of files that were left out"
prints '^  used +6 images .*3 left out' 'tree/b/3.png: '
rm tree/b/[123].png
run scan tree --stats-out all.json --json
expect 0
json 'd["stats_complete"] is True' 'd["stats_images"] == d["images"] == 6'
grep -q left_out all.json && fail "the file contains the number 0"

# A directory without class folders.
mkdir flat
cp shapes/ring/0000.jpg shapes/ring/0001.png flat
run scan flat
expect 1 flat
run scan flat --class-mode none --check --json
expect 0
json "$sum" 'd["classes"] == {".": 2}' 'd["ok"] == 2'
run flow flat --class-mode none --target-size 8x8 --json
expect 0
json 'd["streamed_samples"] == 2'

# lade scan lists all invalid files. lade flow also lists all invalid files.
mkdir -p many/c
i=0
while [ $((i += 1)) -le 200 ]; do
    echo text >many/c/$i.png
done
cp shapes/ring/0001.png many/c/good.png
run scan many --check --json
expect 1 '200 of 201'
json "$sum" "$lists" 'len(d["bad"]) == 200'
run scan many
expect 0
[ "$(grep -c '^  many/c/' out)" -eq 200 ] || fail "not all files are listed"
python3 -SE -c 'print("filename,class")
for i in range(12000): print("text/%d.png,a" % i)
print("many/c/good.png,a")' >many.csv
run flow many.csv --on-error skip --target-size 8x8 --json
expect 0
json 'len(d["bad"]) == d["skipped"] == 12000' 'd["bad_unlisted"] == 0'

# A folder that cannot be read. The script ends here if it cannot give up the rights of root.
mkdir tree/a/deep/closed
chmod 000 tree/a/deep/closed tree/b/tail.jpg
run_unprivileged scan tree --check --json
expect 1 '1 of 6' '1 folder'
json "$sum" "$lists" '[p["path"] for p in d["problems"]] == ["a/deep/closed"]' 'd["unreadable_count"] == 1' 'd["ok"] == 4'
run_unprivileged scan tree --json
expect 1 '1 folder'

# Statistics of the folders that can be read. The statistics are those of the same tree without the other folders.
chmod 644 tree/b/tail.jpg
mkdir -m 777 open
run_unprivileged scan tree --stats-out open/part.json --json
expect 1 '1 folder'
json "$sum" "$lists" 'd["stats_images"] == 6 and d["stats_complete"] is False and d["stats_left_out"] == []'
python3 -SE - <<'END' || fail "the file does not contain the statistics of the folders that can be read"
import json
part, whole = json.load(open("open/part.json")), json.load(open("all.json"))
assert part.pop("left_out") == 1 and part.keys() == whole.keys() and part["images"] == whole["images"]
assert all(abs(a - b) < 1e-9 for key in ("mean", "std") for a, b in zip(part[key], whole[key]))
END
echo text >tree/a/text.png
run_unprivileged scan tree --classes a --print-stats --json
expect 1 ': 1, ' ': 1'
json 'd["stats_images"] == 3' '[f["path"] for f in d["stats_left_out"]] == ["a/text.png"]'

#!/bin/sh
# Tests of lade bench. The numbers of a report agree with each other, and files without JPEG data are counted.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
"$LADE" synth photos --class-count 2 --per-class 12 --size 40x32 --formats jpeg >/dev/null
"$LADE" synth pngs --class-count 2 --per-class 3 --size 16x16 --formats png >/dev/null

run bench photos --target-size 16x16 --rounds 3 --min-seconds 0.1 --batch-size 5 --json
expect 0
silent
json 'd["raw_images_per_s"] > 0' 'd["raw_read_images_per_s"] > 0' 'd["images_per_s"] > 0' 'd["rounds"] == 3' \
    'd["images"] % 24 == 0' 'd["workers"] >= 1' 'set(d["stages"]) == {"read", "decode", "transform"}' \
    'all(v > 0 for v in d["stages"].values())' 'all(d["cpu_us"][k] > 0 for k in ("raw", "raw_read", "flow"))'
run bench photos --target-size 16x16 --rounds 1 --min-seconds 0.1 --crop random --json
expect 0
json 'abs(d["ratio"] - d["images_per_s"] / d["raw_images_per_s"]) < 1e-6' \
    'abs(d["ratio_read"] - d["images_per_s"] / d["raw_read_images_per_s"]) < 1e-6'
run bench photos --target-size 16x16 --rounds 2 --min-seconds 0.1 --workers 3
expect 0
prints '^photos: 24 images as 16x16x3 float32, no augmentation; 3 workers, 2 rounds of' 'raw: libjpeg-turbo' 'lade flow' \
    'microseconds for each image: read [0-9.]+, decode and resize [0-9.]+, transform'

run bench pngs
expect 1 pngs JPEG
mkdir mixed
cp -r photos/* mixed/
for class in pngs/*; do cp "$class"/* "mixed/$(basename "$class")/"; done
run bench mixed --target-size 16x16 --rounds 1 --min-seconds 0.1
expect 0
prints '6 files without JPEG data'
for file in photos/*/*; do
    head -c 300 "$file" >shorter
    mv shorter "$file"
    break
done
run bench photos --target-size 16x16 --rounds 1 --min-seconds 0.1
expect 1 "$file"
run bench photos --rounds 0
expect 2 '--rounds 0'
run bench nowhere
expect 1 nowhere

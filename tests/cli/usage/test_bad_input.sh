#!/bin/sh
# Tests of invalid input: the exit code, and a message that names the file or folder.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
draw_shapes

# each_stream EXIT-CODE TEXT...: runs each command that reads images on the directory $dir.
each_stream() {
    for command in scan flow 'preview -o sheet.png' 'train --epochs 1'; do
        # shellcheck disable=SC2086
        run $command "$dir"
        expect "$@"
        [ ! -s out ] || [ "$command" = scan ] || fail "standard output is not empty"
        [ ! -e sheet.png ] || fail "a sheet was drawn"
    done
}

dir=nowhere
each_stream 1 nowhere
mkdir empty
dir=empty
each_stream 1 empty
mkdir -p hole/cat hole/dog
cp shapes/ring/0000.jpg hole/cat
for command in flow 'preview -o sheet.png' 'train --epochs 1'; do
    # shellcheck disable=SC2086
    run $command hole --refuse-empty-classes
    expect 1 hole/dog .jpg
done
run flow hole
expect 0 warning dog
run scan hole
expect 0
prints '^  cat +1' '^  dog +0' 'hole/dog .*\.jpg'
run scan hole --check
expect 1 '1 folder'
dir=shapes/ring/0000.jpg
each_stream 1 shapes/ring/0000.jpg

# Invalid files among valid files. lade scan finds some of the invalid files by their headers. lade scan --check and a
# stream find all of them.
mkdir -p bad/good
cp shapes/ring/000*.* bad/good
mkdir bad/cut bad/text bad/huge bad/void
head -c 700 shapes/ring/0000.jpg >bad/cut/cut.jpg
echo 'not an image' >bad/text/text.png
: >bad/void/void.jpg
python3 -SE "$here/make_huge_png.py" bad/huge/huge.png

run scan bad
expect 0
prints '^  invalid +2' 'bad/text/text.png: ' 'bad/void/void.jpg: '
run scan bad --check
expect 1 '4 of 14'
prints '^  invalid +4' 'bad/cut/cut.jpg: ' 'bad/text/text.png: ' 'bad/huge/huge.png: .*100000' 'bad/void/void.jpg: '
run scan bad --check --json
expect 1 '4 of 14'
json 'd["ok"] == 10 and d["invalid_count"] == 4 and d["damaged"] == [] and d["unreadable_count"] == 0' 'sorted(b["path"] for b in d["bad"]) == ["cut/cut.jpg", "huge/huge.png", "text/text.png", "void/void.jpg"]' \
    'all(b["path"] in b["cause"] for b in d["bad"])' 'd["images"] == 14'

run flow bad --on-error skip --target-size 16x16 --json
expect 0
silent
json 'd["streamed_samples"] == 10' 'd["skipped"] == 4' 'd["dataset_samples"] == 14' 'len(d["bad"]) == 4'
run flow bad --on-error skip --target-size 16x16
expect 0 'bad/cut/cut.jpg: ' 'bad/huge/huge.png: ' 'bad/text/text.png: '
prints 'skipped +4 invalid files'
run flow bad --on-error skip --max-bad 2 --target-size 16x16
expect 1 max_bad
for file in cut/cut.jpg text/text.png huge/huge.png void/void.jpg; do
    run flow bad --classes "${file%/*}" --target-size 16x16
    expect 1 "bad/$file: " '--on-error skip'
done
run flow bad --classes good --max-pixels 100
expect 1 max_pixels 100

# A file without read permission.
mkdir -p secret/cat
cp shapes/ring/000*.jpg secret/cat
chmod 000 secret/cat/0004.jpg
for command in 'scan --check --json' 'flow --json'; do
    # shellcheck disable=SC2086
    run_unprivileged $command secret
    expect 1
    grep -q 'secret/cat/0004.jpg: .*Permission denied' out err || fail "no message for the unreadable file"
done

#!/bin/sh
# After wrong usage, the exit code is 2, and the message names the option and its value. --help and --version have the
# exit code 0.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
draw_shapes

run
expect 2 'Usage: lade COMMAND'
run --help
expect 0
prints '^  synth ' '^  train '
run --version
expect 0
prints '^lade [0-9]+\.[0-9]+\.[0-9]+$'
run flwo
expect 2 flwo ' flow?'
run --versoin
expect 2 --versoin --version?
run help flow
expect 0
prints '^Usage: lade flow SOURCE'

for command in synth scan flow preview train eval predict bench; do
    run $command --help
    expect 0
    silent
    prints "^Usage: lade $command (NET )?(DIR|SOURCE|FILE.DIR \.\.\.)" '^Examples:' '^Exit status:' '--json'
    awk 'length > 80 { exit 1 }' out || fail "help is wider than 80 columns"
    run $command
    expect 2 "lade $command --help"
    run $command shapes --no-such-option
    expect 2 --no-such-option
    [ $command = predict ] && continue
    run $command one two three
    expect 2 ': t'
done

run flow shapes --batchsize 8
expect 2 --batchsize --batch-size?
run flow shapes -x
expect 2 -x
run flow shapes --batch-size 0
expect 2 '--batch-size 0: ' ' 1 '
run flow shapes --batch-size=
expect 2 "--batch-size '': "
run flow shapes --batch-size 99999999999999999999
expect 2 '--batch-size 99999999999999999999: '
run flow shapes --batch-size 1.5
expect 2 '--batch-size 1.5: '
run flow shapes --target-size abc
expect 2 '--target-size abc: ' HxW
for size in 0x8 8x0 8x 8x8x8 -8x8 70000; do
    run flow shapes --target-size=$size
    expect 2 "--target-size $size: "
done
run flow shapes --interpolation cubic
expect 2 '--interpolation cubic: ' nearest bilinear bicubic lanczos box hamming
run flow shapes --seed -1
expect 2 '--seed -1: ' 18446744073709551615
run flow shapes --rescale one
expect 2 '--rescale one: '
run flow shapes --rescale 1/0
expect 2 '--rescale 1/0: '
run flow shapes --validation-split 1
expect 2 '--validation-split 1: '
run flow shapes --digest=yes
expect 2 '--digest yes: '
run flow shapes --seed --digest
expect 2 --seed
run flow shapes --epochs
expect 2 --epochs
run flow shapes --classes ring,,star
expect 2 '--classes ring,,star: '
run flow shapes --class-mode binary
expect 2 binary 5
run flow ''
expect 2 SOURCE
run preview shapes
expect 2 -o
run preview shapes -o sheet.gif
expect 2 '-o sheet.gif: ' .png .svg
run preview shapes -o sheet.png --step 5
expect 2 '--step 5: '
run synth new --formats gif
expect 2 '--formats gif: give jpeg, png, bmp or pnm'
[ ! -e new ] || fail "synth was refused, but it has made its directory"
run synth new --class-count 17
expect 2 '--class-count 17: ' 16
run train shapes --plot curve.txt
expect 2 '--plot curve.txt: ' .png .svg
run train shapes --class-mode none
expect 2 '--class-mode none: '
run train shapes --lr 0
expect 2 '--lr 0: '
run train shapes --net 'dense 8, rely' --epochs 1
expect 2 --net rely

# The value of an option follows after "=" or is the next argument. Options can be before and after the argument SOURCE.
# The argument "--" ends the options.
run flow --batch-size=8 shapes --target-size 16 --json
expect 0
json 'd["batches"] == 8'
run flow --batch-size 20 --batch-size 8 --json --target-size 16x16 -- shapes
expect 0
json 'd["batches"] == 8'

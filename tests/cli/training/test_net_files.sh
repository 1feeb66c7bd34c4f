#!/bin/sh
# Tests of net files that another program has written. The Python program below needs no package.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
cat >write_net.py <<'END'
import json, struct, sys

def write(path, tensors, metadata):
    """Writes {name: (dtype, shape, bytes)} as a safetensors file."""
    header, at = {"__metadata__": metadata}, 0
    for name, (dtype, shape, data) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + len(data)]}
        at += len(data)
    text = json.dumps(header).encode()
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(t[2] for t in tensors.values()))

def encode(dtype, values):
    if dtype == "F32":
        return struct.pack(f"<{len(values)}f", *values)
    if dtype == "F16":
        return struct.pack(f"<{len(values)}e", *values)
    # BF16 is the upper half of a float32
    return b"".join(struct.pack("<f", v)[2:] for v in values)

# The first output is the mean of the red values, the second output is the mean of the blue values.
weight = [[(c == 2 * o) / 16 for i in range(16) for c in range(3)] for o in range(2)]
for dtype in "F32", "F16", "BF16", "F64":
    tensors = {"0.weight": (dtype, [2, 48], encode(dtype, weight[0] + weight[1]) if dtype != "F64" else bytes(768)),
               "0.bias": (dtype, [2], encode(dtype, [0.0, 0.0]) if dtype != "F64" else bytes(16)),
               "steps": ("I64", [1], bytes(8)), "later": ("F4", [5], bytes(3))}
    write(f"{dtype}.safetensors", tensors,
          {"lade.format": "1", "lade.spec": "dense 2", "lade.sample_shape": "4x4x3", "lade.class_names": '["red", "blue"]'})
with open("photo.ppm", "wb") as f:
    f.write(b"P6 4 4 255\n" + bytes([200, 90, 20]) * 16)
END
python3 -SE write_net.py || fail "Python cannot write a net"
want=
for dtype in F32 F16 BF16; do
    run predict $dtype.safetensors photo.ppm --json
    expect 0
    json 'd["predictions"][0]["class"] == "red"' 'abs(d["predictions"][0]["probability"] - 0.66949) < 1e-4'
    want=${want:-$(value 'd["predictions"][0]["probability"]')}
    [ "$(value 'd["predictions"][0]["probability"]')" = "$want" ] || fail "$dtype predicts another probability"
done
run predict F64.safetensors photo.ppm
expect 1 F64.safetensors 0.weight F64
# Such a net can be trained further.
mkdir -p colours/red colours/blue
for i in 0 1 2 3 4 5; do
    cp photo.ppm colours/red/$i.ppm
    cp photo.ppm colours/blue/$i.ppm
done
run train colours --net F16.safetensors --classes red,blue --target-size 4x4 --epochs 1 --out more.safetensors
expect 0

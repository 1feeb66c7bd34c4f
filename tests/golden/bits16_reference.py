#!/usr/bin/env python3
"""Resizes 16-bit grey images with Pillow, for tests/api/image/test_image_bits16.c.

    tests/golden/bits16_reference.py write FILE     writes the golden file
    tests/golden/bits16_reference.py check FILE     compares the golden file with Pillow; exit code 77: too old

A line of the golden file is "FILTER HEIGHT WIDTH TO_HEIGHT TO_WIDTH SEED RESULTS". Value i of the image is
(i * i * 397 + i * SEED) % 65536. Pillow resizes the mode I;16 since version 10.3. A value above 65535 overflows in
Pillow, so the values of the filters with negative weights are divided by 2 and then moved to the middle of the range.
"""
import sys

try:
    from PIL import Image, __version__
except ImportError:
    print("skipped: no Pillow")
    sys.exit(77)

FILTERS = [("nearest", 0), ("bilinear", 2), ("bicubic", 3), ("lanczos", 1), ("box", 4), ("hamming", 5)]
SIZES = [(7, 9, 3, 4), (5, 6, 11, 8), (30, 20, 4, 20), (6, 40, 6, 3)]


def value(i, name, seed):
    v = (i * i * 397 + i * seed) % 65536
    return v // 2 + 16384 if name in ("bicubic", "lanczos") else v


def lines():
    seed = 0
    for name, number in FILTERS:
        for height, width, to_height, to_width in SIZES:
            seed += 1
            pixels = [value(i, name, seed) for i in range(height * width)]
            image = Image.frombytes("I;16", (width, height), b"".join(v.to_bytes(2, "little") for v in pixels))
            small = image.resize((to_width, to_height), number).tobytes()
            results = [int.from_bytes(small[i:i + 2], "little") for i in range(0, len(small), 2)]
            yield " ".join(map(str, [name, height, width, to_height, to_width, seed, *results]))


def main():
    if tuple(map(int, __version__.split(".")[:2])) < (10, 3):
        print(f"skipped: Pillow {__version__} does not resize images of 16 bits")
        sys.exit(77)
    if sys.argv[1] == "check":
        stored = [line.strip() for line in open(sys.argv[2]) if not line.startswith("#")]
        different = sum(a != b for a, b in zip(stored, lines(), strict=True))
        print(f"{len(stored)} lines, {different} different")
        sys.exit(different > 0)
    with open(sys.argv[2], "w") as golden:
        print(f"# Results of Pillow {__version__}; made by bits16_reference.py.", file=golden)
        for line in lines():
            print(line, file=golden)


if __name__ == "__main__":
    main()

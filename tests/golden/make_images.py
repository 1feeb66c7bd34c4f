#!/usr/bin/env python3
"""Makes tests/golden/images/* and tests/golden/images.txt: small files of every kind and what Pillow makes of them.

Run it with Debian 12's python3-pil (the libjpeg must be the one that lade is linked with), then look at the difference:
a change in images.txt is a change of the reference, not of lade.
"""
import io
import os
import random
import struct
import zlib

from PIL import Image

import pillow_reference

HERE = os.path.dirname(os.path.abspath(__file__)) + "/"
dice = random.Random(1)


def noise(width, height, channels):
    """Smooth, with some noise, as photos are."""
    return bytes(
        (x * 9 * (c + 1) + y * 13 + dice.randrange(40)) % 256
        for y in range(height)
        for x in range(width)
        for c in range(channels)
    )


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, bits, color_type, extra=b""):
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color_type]
    row_bytes = (width * bits * samples + 7) // 8
    rows = b"".join(b"\0" + noise(row_bytes, 1, 1) for _ in range(height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color_type, 0, 0, 0))
        + extra
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def jpeg(mode, width, height, **options):
    image = Image.frombytes(mode, (width, height), noise(width, height, len(mode)))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, **options)
    return out.getvalue()


def files():
    palette = chunk(b"PLTE", bytes(range(20, 20 + 48)))
    yield "grey.jpg", jpeg("L", 19, 13)
    yield "420.jpg", jpeg("RGB", 23, 17, subsampling=2)
    yield "422.jpg", jpeg("RGB", 23, 17, subsampling=1)
    yield "444.jpg", jpeg("RGB", 23, 17, subsampling=0)
    yield "progressive.jpg", jpeg("RGB", 23, 17, progressive=True)
    yield "cmyk.jpg", jpeg("CMYK", 18, 11)
    for bits in (1, 2, 4, 8, 16):
        yield "grey%d.png" % bits, png(15, 9, bits, 0)
    yield "rgb8.png", png(15, 9, 8, 2)
    yield "rgb16.png", png(15, 9, 16, 2)
    yield "palette4.png", png(15, 9, 4, 3, palette + chunk(b"tRNS", b"\0\x40\x80"))
    yield "greyalpha8.png", png(15, 9, 8, 4)
    yield "rgba8.png", png(15, 9, 8, 6)
    yield "rgba16.png", png(15, 9, 16, 6)


def jobs(name):
    for mode in pillow_reference.MODES:
        if mode == "rgba" and name.endswith(".jpg"):
            continue
        if name in ("grey.jpg", "420.jpg", "cmyk.jpg") or name.endswith(".png"):
            yield "%s %s 0 0 nearest 0" % (name, mode)
    mode = "rgba" if "a" in name else "rgb"
    for interpolation in pillow_reference.FILTERS:
        yield "%s %s %d %d %s 0" % (name, mode, dice.randrange(3, 7), dice.randrange(3, 7), interpolation)
    yield "%s %s %d %d bilinear 1" % (name, mode, dice.randrange(3, 6), dice.randrange(3, 6))
    yield "%s %s 14 3 lanczos 0" % (name, mode)


def main():
    os.makedirs(HERE + "images", exist_ok=True)
    with open(HERE + "images.txt", "w") as results:
        print("# What %s makes of images/*; made by make_images.py." % pillow_reference.versions(), file=results)
        print("# file color_mode height width interpolation keep_aspect_ratio pixels", file=results)
        for name, content in files():
            with open(HERE + "images/" + name, "wb") as f:
                f.write(content)
            pillow_reference.run(jobs(name), results, HERE + "images/")


main()

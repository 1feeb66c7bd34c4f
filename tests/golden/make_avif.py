#!/usr/bin/env python3
"""Makes tests/golden/avif/*.avif, and tests/golden/avif/*.png, the pixels that Pillow reads from them.

Needs Pillow 11.3 or later, and imagecodecs for files of 10 and 12 bits. The files in the repository are from Pillow 13.0
with libavif 1.4.2, and imagecodecs 2026.3.6.
"""
import io
import os
import random

import imagecodecs
import numpy
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__)) + "/"
WIDTH, HEIGHT = 38, 23


def noise(dice, channels):
    """A smooth image with some noise, like a photo."""
    return bytes(
        (x * 5 * (c + 1) + y * 7 + dice.randrange(20)) % 256
        for y in range(HEIGHT) for x in range(WIDTH) for c in range(channels)
    )


def image(dice, mode):
    return Image.frombytes(mode, (WIDTH, HEIGHT), noise(dice, len(mode)))


def saved(picture, **options):
    out = io.BytesIO()
    picture.save(out, "AVIF", **{"quality": 80, "speed": 6, **options})
    return out.getvalue()


def deep(dice, bits, channels, layout):
    samples = numpy.frombuffer(noise(dice, channels), numpy.uint8).reshape(HEIGHT, WIDTH, channels)
    samples = samples.astype(numpy.uint16) << (bits - 8)
    return imagecodecs.avif_encode(samples, 85, bitspersample=bits, pixelformat=layout, codec="aom")


def files(dice):
    for layout in ("4:2:0", "4:2:2", "4:4:4"):
        yield layout.replace(":", ""), saved(image(dice, "RGB"), subsampling=layout)
    yield "grey", saved(image(dice, "L"), subsampling="4:0:0")
    yield "limited", saved(image(dice, "RGB"), range="limited")
    yield "alpha", saved(image(dice, "RGBA"))
    yield "premultiplied", saved(image(dice, "RGBA"), alpha_premultiplied=True)
    yield "frames", saved(image(dice, "RGB"), save_all=True, append_images=[image(dice, "RGB")])
    for orientation in range(2, 9):
        exif = Image.Exif()
        exif[0x112] = orientation
        yield "turned%d" % orientation, saved(image(dice, "RGB"), exif=exif, quality=50)
    for bits in (10, 12):
        yield "rgb%d" % bits, deep(dice, bits, 3, "420")
        yield "rgba%d" % bits, deep(dice, bits, 4, "444")


os.makedirs(HERE + "avif", exist_ok=True)
for name, content in files(random.Random(1)):
    path = HERE + "avif/%s.avif" % name
    with open(path, "wb") as f:
        f.write(content)
    picture = Image.open(path)
    picture.load()
    picture.info.clear()
    picture.save(HERE + "avif/%s.png" % name, optimize=True)

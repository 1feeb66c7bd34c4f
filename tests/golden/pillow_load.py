#!/usr/bin/env python3
"""Tests whether Pillow can read damaged files. The test image_damage compares lade with the results.

    pillow_load.py LIST RESULTS

LIST contains one path on each line. Each line of RESULTS is "first FILE" if Pillow cannot read the first image of the
file, "later FILE" if it can read the first image but not a later frame or page, and "good FILE" otherwise.
"""
import sys

from PIL import Image


def state(path):
    try:
        image = Image.open(path)
        image.load()
    except Exception:  # Pillow raises OSError, SyntaxError, ValueError, struct.error, and others
        return "first"
    try:
        for frame in range(1, getattr(image, "n_frames", 1)):
            image.seek(frame)
            image.load()
    except Exception:
        return "later"
    return "good"


with open(sys.argv[1]) as paths, open(sys.argv[2], "w") as results:
    for line in paths:
        path = line.rstrip("\n")
        print(state(path), path, file=results)

#!/usr/bin/env python3
"""Makes small image files of every kind in tests/golden/images. Stores the pixels that Pillow reads from these files
in tests/golden/images.txt.

Run this program with the package python3-pil of Debian 12. Pillow and lade must be linked with the same libjpeg. Then
look at the changes of images.txt. A change means that Pillow or its libraries have changed, because lade does not write
this file.

    make_images.py                      makes the files in tests/golden
    make_images.py FOLDER SEED ROUNDS   makes files of random sizes in FOLDER, and jobs for pillow_reference.py
"""
import os
import random
import sys

import image_files
import pillow_reference

HERE = os.path.dirname(os.path.abspath(__file__)) + "/"


def whole(name, mode):
    return "%s %s 0 0 nearest 0 %d" % (name, mode, "exif" in name)


def jobs(name, dice):
    """Yields a job for each color mode, and jobs that resize the image, with each filter for some kinds of files."""
    for mode in pillow_reference.MODES:
        yield whole(name, mode)
    mode = "rgba" if "a" in name else "rgb"
    exif = "exif" in name
    for interpolation in pillow_reference.FILTERS if name[0] in "4p" else ["hamming"]:
        yield "%s %s %d %d %s 0 %d" % (name, mode, dice.randrange(3, 7), dice.randrange(3, 7), interpolation, exif)
    yield "%s %s %d %d bilinear 1 %d" % (name, mode, dice.randrange(3, 6), dice.randrange(3, 6), exif)


def write(folder, name, content):
    with open(folder + name, "wb") as f:
        f.write(content)


def stored():
    dice = random.Random(1)
    os.makedirs(HERE + "images", exist_ok=True)
    with open(HERE + "images.txt", "w") as results:
        print("# The pixels that %s reads from images/*. Written by make_images.py." % pillow_reference.versions(), file=results)
        print("# file color_mode height width interpolation keep_aspect_ratio exif pixels", file=results)
        for name, content in image_files.every_kind(dice, 19, 13):
            write(HERE + "images/", name, content)
            pillow_reference.run(jobs(name, dice), results, HERE + "images/", checksums=True)


def others(folder, seed, rounds):
    dice = random.Random(seed)
    with open(folder + "/jobs", "w") as f:
        for i in range(rounds):
            for name, content in image_files.every_kind(dice, dice.randrange(1, 70), dice.randrange(1, 70)):
                name = "%d-%s" % (i, name)
                write(folder + "/", name, content)
                print(whole(folder + "/" + name, dice.choice(list(pillow_reference.MODES))), file=f)


if len(sys.argv) == 1:
    stored()
else:
    others(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

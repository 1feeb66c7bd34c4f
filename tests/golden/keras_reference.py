#!/usr/bin/env python3
"""Augments images with Keras 3. Tests compare the results with lade, which uses quirks = LADE_QUIRKS_KERAS3.

    keras_reference.py JOBS RESULTS      runs the jobs of a test
    keras_reference.py --golden RESULTS  runs the jobs of the golden file

A job is a line "SEED HEIGHT WIDTH CHANNELS FORMAT FILL CVAL ORDER theta tx ty shear zx zy channel_shift brightness
fliph flipv rescale center std fcenter fstd". FORMAT is last or first, and the lower-case words are numbers or "none".
Value i of the image is (i * i * 7 + i * SEED + i // 5) % 256. Each line of RESULTS is the line of the job and two
arrays: the image after apply_transform, and the image after standardize. The arrays are float32 in little-endian
hexadecimal bytes.

The featurewise statistics of channel c are the mean (100 + 10 c) * rescale and the deviation (50 + 5 c) * rescale.
"""
import os
import random
import sys
import warnings

os.environ.setdefault("KERAS_BACKEND", "numpy")
warnings.filterwarnings("ignore")

import numpy as np
import PIL
import scipy
import keras
from keras.src.legacy.preprocessing.image import ImageDataGenerator


def number(text):
    return None if text == "none" else float(text)


def run(line):
    words = line.split()
    seed, height, width, channels = (int(w) for w in words[:4])
    first = words[4] == "first"
    i = np.arange(height * width * channels, dtype=np.int64)
    x = ((i * i * 7 + i * seed + i // 5) % 256).reshape(height, width, channels).astype("float32")
    x = x.transpose(2, 0, 1).copy() if first else x
    theta, tx, ty, shear, zx, zy = (float(w) for w in words[8:14])
    rescale = number(words[18])
    generator = ImageDataGenerator(
        fill_mode=words[5],
        cval=float(words[6]),
        interpolation_order=int(words[7]),
        rescale=rescale,
        samplewise_center=words[19] == "1",
        samplewise_std_normalization=words[20] == "1",
        featurewise_center=words[21] == "1",
        featurewise_std_normalization=words[22] == "1",
        data_format="channels_first" if first else "channels_last",
    )
    keras.config.set_image_data_format(generator.data_format)  # the brightness function reads this setting
    c = np.arange(channels, dtype="float32").reshape((channels, 1, 1) if first else (1, 1, channels))
    generator.mean = (100 + 10 * c) * np.float32(rescale or 1)
    generator.std = (50 + 5 * c) * np.float32(rescale or 1)
    moved = generator.apply_transform(
        x,
        {
            "theta": theta,
            "tx": tx,
            "ty": ty,
            "shear": shear,
            "zx": zx,
            "zy": zy,
            "channel_shift_intensity": number(words[14]),
            "brightness": number(words[15]),
            "flip_horizontal": words[16] == "1",
            "flip_vertical": words[17] == "1",
        },
    )
    moved = np.ascontiguousarray(moved, dtype="<f4")
    done = np.ascontiguousarray(generator.standardize(moved.copy()), dtype="<f4")
    return "%s %s %s" % (line.strip(), moved.tobytes().hex(), done.tobytes().hex())


def golden_jobs():
    """Yields jobs with small images: jobs that change one or two parameters, and then jobs that change all of them."""
    dice = random.Random(3)
    plain = "0 0 0 0 1 1 none none 0 0 none 0 0 0 0".split()
    alone = [{0: "30"}, {0: "-90"}, {1: "1.5"}, {2: "-2"}, {3: "20"}, {4: "0.7"}, {5: "1.6"}]
    seed = 0
    for fill in ("nearest", "constant", "reflect", "wrap"):
        for order in (0, 1):
            for changes in alone:
                seed += 1
                values = [changes.get(k, v) for k, v in enumerate(plain)]
                yield "%d 5 7 1 last %s 9 %d %s" % (seed, fill, order, " ".join(values))
    others = [{6: "40"}, {6: "-15.5"}, {7: "1.3"}, {7: "0.5"}, {7: "1"}, {8: "1"}, {9: "1"}, {10: "0.00392156862745098"}]
    others += [{11: "1"}, {12: "1"}, {13: "1"}, {14: "1"}, {0: "25", 7: "1.2"}]
    for changes in others:
        for channels in (1, 3, 4):
            seed += 1
            values = [changes.get(k, v) for k, v in enumerate(plain)]
            yield "%d 4 5 %d last constant %d 1 %s" % (seed, channels, dice.choice((0, 300)), " ".join(values))
    for _ in range(24):
        seed += 1
        yield random_job(dice, seed, 6)


def random_job(dice, seed, size):
    """Returns a job with random values of all parameters."""
    values = [
        dice.uniform(-180, 180), dice.uniform(-size, size), dice.uniform(-size, size), dice.uniform(-40, 40),
        dice.uniform(0.5, 1.5), dice.uniform(0.5, 1.5),
        dice.choice(("none", dice.uniform(-80, 80))), dice.choice(("none", dice.uniform(0.2, 1.8))),
        dice.randrange(2), dice.randrange(2), dice.choice(("none", 1 / 255)),
        dice.randrange(2), dice.randrange(2), dice.randrange(2), dice.randrange(2),
    ]
    return "%d %d %d %d %s %s %d %d %s" % (
        seed, dice.randrange(1, size + 1), dice.randrange(1, size + 1), dice.choice((1, 3, 4)),
        dice.choice(("last", "first")), dice.choice(("nearest", "constant", "reflect", "wrap")),
        dice.choice((0, 255, 300)), dice.randrange(2), " ".join(map(str, values)),
    )


def main():
    jobs = golden_jobs() if sys.argv[1] == "--golden" else open(sys.argv[1])
    with open(sys.argv[2], "w") as results:
        print("# Images that Keras %s has augmented (SciPy %s, NumPy %s, Pillow %s). Written by keras_reference.py." %
              (keras.__version__, scipy.__version__, np.__version__, PIL.__version__), file=results)
        for line in jobs:
            print(run(line), file=results)


if __name__ == "__main__":
    main()

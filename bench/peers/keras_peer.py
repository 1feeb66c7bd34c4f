"""Runs Keras's ImageDataGenerator on a folder of images. Prints images per second. The first batch is not measured.

    keras_peer.py DIR resize|augment|none HEIGHT SECONDS
"""
import contextlib
import io
import sys
import time

from keras_preprocessing.image import ImageDataGenerator

AUGMENT = dict(rotation_range=40, width_shift_range=0.2, height_shift_range=0.2, shear_range=20, zoom_range=0.2,
               horizontal_flip=True)


def main(folder, work, size, seconds):
    generator = ImageDataGenerator(rescale=1 / 255, **(AUGMENT if work == "augment" else {}))
    with contextlib.redirect_stdout(io.StringIO()):
        flow = generator.flow_from_directory(folder, target_size=(int(size), int(size)), interpolation="bilinear")
    next(flow)
    start, images = time.perf_counter(), 0
    while time.perf_counter() - start < float(seconds):
        images += len(next(flow)[0])
    print(images / (time.perf_counter() - start))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Compares lade.keras with the ImageDataGenerator of Keras 3, on photos of 150x150 pixels with augmentation.

    keras_drop_in.py DIR [ROUNDS]

DIR has one folder for each class. The contenders take turns, so that the load of the machine is about the same for all.
The work is one epoch of the iterator alone, and one epoch of model.fit() of a small convnet on jax, with 1 and with 4
workers. For each contender, the program prints the best round: milliseconds of wall time and of CPU time per image. Then
it prints the wall time of Keras divided by that of lade.
"""
import contextlib
import io
import os
import resource
import sys
import time

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras  # noqa: E402
from keras.src.legacy.preprocessing import image as theirs  # noqa: E402

import lade.keras as ours  # noqa: E402

MODULES = {"keras": theirs, "lade": ours}
AUGMENT = dict(rotation_range=40, width_shift_range=0.2, height_shift_range=0.2, shear_range=0.2, zoom_range=0.2,
               horizontal_flip=True)


def make_iterator(module, folder, workers):
    generator = module.ImageDataGenerator(rescale=1 / 255, **AUGMENT)
    with contextlib.redirect_stdout(io.StringIO()):
        iterator = generator.flow_from_directory(folder, target_size=(150, 150), batch_size=20, class_mode="sparse", seed=1)
    iterator.workers = workers
    return iterator


def make_model(classes):
    layers = keras.layers
    model = keras.Sequential([layers.Input((150, 150, 3)), layers.Conv2D(8, 3, strides=2, activation="relu"),
                              layers.MaxPooling2D(4), layers.Flatten(), layers.Dense(classes, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def cpu_time():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main(folder, rounds=3):
    best = {}
    model = make_model(len(next(os.walk(folder))[1]))
    runs = {}
    for name, module in MODULES.items():
        alone = make_iterator(module, folder, 1)
        next(alone)
        runs["iterator", name] = alone.n, lambda it=alone: [next(it) for _ in range(len(it))]
        for workers in (1, 4):
            it = make_iterator(module, folder, workers)
            runs[f"fit, workers={workers}", name] = it.n, lambda it=it: model.fit(it, verbose=0)
    model.fit(make_iterator(ours, folder, 1), steps_per_epoch=2, verbose=0)
    for _ in range(int(rounds)):
        for key, (images, run) in runs.items():
            wall, cpu = time.perf_counter(), cpu_time()
            run()
            cost = (time.perf_counter() - wall) / images * 1e3, (cpu_time() - cpu) / images * 1e3
            best[key] = min(best.get(key, cost), cost)
    for (work, name), (wall, cpu) in best.items():
        print(f"{work:16} {name:6} {wall:7.2f} ms wall {cpu:7.2f} ms CPU per image")
    for work in ("iterator", "fit, workers=1", "fit, workers=4"):
        print(f"{work:16} {best[work, 'keras'][0] / best[work, 'lade'][0]:.2f} times")


if __name__ == "__main__":
    main(*sys.argv[1:])

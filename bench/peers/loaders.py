"""Runs one loader of Python on a folder of images, for bench/python.

    loaders.py CONTENDER DIR SECONDS

DIR has one folder for each class. Each contender shuffles the images and makes batches of 32 images of 224x224 pixels
(bilinear, RGB, float32 from 0 to 1) and their class indices, with two threads or processes. The contenders are the keys of
LOADERS. The first epoch is not measured.

Prints a JSON object: the version, images per second, the CPU time of this process and of its children in seconds per
1,000 images, the CPU time of the Python thread in microseconds per batch, and the time from the first call of the library,
after the imports, to the first batch.
"""
import json
import os
import random
import sys
import time
from pathlib import Path

SIZE, BATCH, WORKERS = 224, 32, 2


def files_and_labels(folder):
    classes = sorted(p.name for p in Path(folder).iterdir() if p.is_dir())
    found = [(str(file), label) for label, name in enumerate(classes) for file in sorted(Path(folder, name).iterdir())]
    return [file for file, _ in found], [label for _, label in found]


# ---- The contenders: each function imports its library and returns (version, function that starts) --------------------
# The function that starts returns a function that returns an iterator over one epoch.


def lade_loader(kind):
    import lade

    modules = {"torch": lambda: lade.torch.loader, "jax": lambda: lade.jax.loader}
    make = modules[kind]() if kind in modules else None

    def start(folder):
        flow = lade.flow_from_directory(folder, target_size=(SIZE, SIZE), batch_size=BATCH, class_mode="sparse",
                                        interpolation="bilinear", rescale=1 / 255, workers=WORKERS, seed=1)
        if make:
            loader = make(flow)
            return lambda: iter(loader)
        return lambda: ((x.numpy(), y.numpy()) for x, y in flow.epoch())

    return f"lade {lade.__version__}", start


def torch_loader():
    import torch
    import torchvision
    from torch.utils.data import DataLoader
    from torchvision import datasets, transforms

    torch.set_num_threads(1)

    def start(folder):
        steps = [transforms.Resize((SIZE, SIZE), transforms.InterpolationMode.BILINEAR), transforms.ToTensor()]
        data = datasets.ImageFolder(folder, transforms.Compose(steps))
        loader = DataLoader(data, BATCH, shuffle=True, num_workers=WORKERS, persistent_workers=True)
        return lambda: iter(loader)

    return f"torch {torch.__version__}, torchvision {torchvision.__version__}", start


def tensorflow_loader():
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import tensorflow as tf

    def decode(file, label):
        image = tf.io.decode_image(tf.io.read_file(file), channels=3, expand_animations=False)
        return tf.image.resize(image, (SIZE, SIZE)) / 255, label

    def start(folder):
        files, labels = files_and_labels(folder)
        data = tf.data.Dataset.from_tensor_slices((files, labels)).shuffle(len(files))
        data = data.map(decode, num_parallel_calls=WORKERS).batch(BATCH).prefetch(2)
        options = tf.data.Options()
        options.threading.private_threadpool_size = WORKERS
        return lambda: iter(data.with_options(options))

    return f"tensorflow {tf.__version__}", start


def spdl_loader():
    from importlib.metadata import version

    import numpy
    import spdl.io
    from spdl.pipeline import PipelineBuilder

    description = spdl.io.get_video_filter_desc(scale_width=SIZE, scale_height=SIZE, scale_algo="bilinear",
                                                scale_mode=None, pix_fmt="rgb24")

    def decode(item):
        file, label = item
        return spdl.io.to_numpy(spdl.io.load_image(file, filter_desc=description)), label

    def collate(items):
        x = numpy.empty((len(items), SIZE, SIZE, 3), numpy.float32)
        for row, (image, _) in zip(x, items, strict=True):
            numpy.multiply(image, numpy.float32(1 / 255), out=row)
        return x, numpy.array([label for _, label in items])

    def start(folder):
        items = list(zip(*files_and_labels(folder), strict=True))

        def epoch():
            random.shuffle(items)
            builder = PipelineBuilder().add_source(items).pipe(decode, concurrency=WORKERS).aggregate(BATCH)
            pipeline = builder.pipe(collate).add_sink(2).build(num_threads=WORKERS)
            with pipeline.auto_stop():
                yield from pipeline

        return epoch

    return f"spdl {version('spdl')}", start


LOADERS = {
    "lade, NumPy": lambda: lade_loader("numpy"),
    "lade.torch": lambda: lade_loader("torch"),
    "lade.jax": lambda: lade_loader("jax"),
    "DataLoader + torchvision": torch_loader,
    "tf.data": tensorflow_loader,
    "SPDL": spdl_loader,
}


# ---- Measuring --------------------------------------------------------------------------------------------------------


def cpu_seconds():
    """Return the CPU time of this process and of its children, which are the workers of DataLoader."""
    ticks = 0
    children = Path("/proc/self/task", str(os.getpid()), "children").read_text().split()
    for process in ["self", *children]:
        fields = Path("/proc", process, "stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def main(contender, folder, seconds):
    version, start = LOADERS[contender]()
    begin = time.perf_counter()
    epoch = start(folder)
    first = None
    for _ in epoch():
        first = first or time.perf_counter() - begin
    images = batches = 0
    begin, cpu, thread = time.perf_counter(), cpu_seconds(), time.thread_time()
    while time.perf_counter() - begin < float(seconds):
        for x, _ in epoch():
            images += len(x)
            batches += 1
    print(json.dumps({
        "version": version, "images_per_s": images / (time.perf_counter() - begin),
        "cpu_s": (cpu_seconds() - cpu) / images * 1000, "thread_us": (time.thread_time() - thread) / batches * 1e6,
        "first_batch_s": first,
    }))


if __name__ == "__main__":
    main(*sys.argv[1:])

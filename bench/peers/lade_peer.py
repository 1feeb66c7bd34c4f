"""Runs the Python package on a folder of images and prints its speed. The first epoch is not measured.

    lade_peer.py DIR numpy|torch|jax SECONDS [WORKERS]

Prints images per second, the CPU time of all threads in seconds per 1,000 images, and the CPU time of the Python thread in
microseconds per batch, which is the time that Python adds to a batch.
"""
import resource
import sys
import time

import lade


def batches(flow, kind):
    if kind == "numpy":
        return ((x.numpy(), y.numpy()) for x, y in flow.epoch())
    return iter((lade.torch if kind == "torch" else lade.jax).loader(flow))


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main(folder, kind, seconds, workers="2"):
    flow = lade.flow_from_directory(
        folder, target_size=(224, 224), batch_size=32, class_mode="sparse", interpolation="bilinear", rescale=1 / 255,
        workers=int(workers), seed=1,
    )
    for _ in batches(flow, kind):
        pass
    start, cpu, thread, images, count = time.perf_counter(), cpu_seconds(), time.thread_time(), 0, 0
    while time.perf_counter() - start < float(seconds):
        for batch in batches(flow, kind):
            images += len(batch[0])
            count += 1
    rate = images / (time.perf_counter() - start)
    python = (time.thread_time() - thread) / count * 1e6
    print(f"{rate:.1f} images/s, {(cpu_seconds() - cpu) / images * 1000:.2f} s of CPU per 1,000 images, "
          f"{python:.0f} us of the Python thread per batch")


if __name__ == "__main__":
    main(*sys.argv[1:])

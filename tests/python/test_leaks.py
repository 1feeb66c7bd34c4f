"""The numbers of references, memory pages, threads and descriptors do not grow."""

import gc
import os
import sys

import lade
import numpy as np
import pytest

pytestmark = pytest.mark.skipif("LADE_SANITIZED" in os.environ, reason="a sanitizer keeps freed memory")


def resident_pages():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1])


def counts():
    return len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task"))


def use_everything(tree):
    flow = lade.flow_from_directory(tree, target_size=4, batch_size=8, preprocessing_function=lambda image: image)
    for batch in flow.epoch():
        x, y = batch
        np.asarray(x), np.from_dlpack(x), x.__dlpack__(), memoryview(y), batch.indices, repr(batch), x[0]
    flow.load_state_dict(flow.state_dict())
    flow.options, flow.filenames, flow.class_indices, flow.counters, flow.classes, flow.invalid_files, repr(flow)
    flow.close()
    for options in ({"batch_size": "a"}, {"batch_size": 0}, {"nonsense": 1}, {"classes": ["x"]}, {"class_mode": "y"}):
        try:
            lade.flow_from_directory(tree, **options)
        except (ValueError, TypeError, OSError):
            pass
    sequence = lade.flow_from_sequence([np.zeros((4, 4, 3), np.uint8)] * 3, labels=[0, 1, 0], batch_size=2)
    next(sequence)
    try:
        next(lade.flow_from_directory(tree, target_size=4, preprocessing_function=lambda image: 1 / 0))
    except ZeroDivisionError:
        pass
    try:
        lade.flow_from_arrays(np.zeros((2, 3)), 1)
    except ValueError:
        pass


def test_no_reference_leaks(tree):
    # The caches of Python grow less and less. A leak adds at least one block in each repetition.
    for _ in range(12):
        gc.collect()
        before, blocks = counts(), sys.getallocatedblocks()
        for _ in range(30):
            use_everything(tree)
        gc.collect()
        growth = sys.getallocatedblocks() - blocks
        if growth < 20 and counts() == before:
            return
    raise AssertionError(f"{growth} blocks more after 30 repetitions; descriptors and threads {before}, {counts()}")


def test_a_thousand_epochs_do_not_grow(tree):
    flow = lade.flow_from_directory(tree, target_size=4, batch_size=30, horizontal_flip=True, workers=1)
    for _ in range(200):
        for x, y in flow.epoch():
            np.from_dlpack(x)
    gc.collect()
    before, pages, blocks = counts(), resident_pages(), sys.getallocatedblocks()
    for _ in range(1000):
        for x, y in flow.epoch():
            np.from_dlpack(x)
    gc.collect()
    assert counts() == before
    assert sys.getallocatedblocks() - blocks < 40
    assert (resident_pages() - pages) * os.sysconf("SC_PAGESIZE") < 2 << 20

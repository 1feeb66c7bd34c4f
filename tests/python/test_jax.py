"""lade.jax: arrays of jax without a copy, epochs, the position, shardings, and the ranks of jax.distributed."""

import gc
import os
import socket
import subprocess
import sys

import lade
import numpy as np
import pytest

jax = pytest.importorskip("jax", reason="jax is not installed")


def make(tree, **options):
    return lade.flow_from_directory(
        tree, **{"target_size": (8, 6), "batch_size": 4, "seed": 1, "class_mode": "sparse", **options}
    )


def test_an_epoch(tree):
    loader = lade.jax.loader(make(tree))
    assert len(loader) == 8 and "lade.jax.Loader" in repr(loader)
    batches = list(loader)
    assert len(batches) == 8 and loader.epoch == 1
    for (x, y), batch in zip(batches, make(tree).epoch(), strict=True):
        assert isinstance(x, jax.Array) and x.dtype == np.float32 and y.dtype == np.int32
        assert (np.asarray(x) == batch.x.numpy()).all() and (np.asarray(y) == batch.y.numpy().ravel()).all()


def test_pixels_are_not_copied(tree):
    batch = next(make(tree))
    x, y = lade.jax.arrays(batch)
    assert x.unsafe_buffer_pointer() == batch.x.address and y.shape == (4, 1)
    expected = np.array(batch.x)
    del batch
    gc.collect()
    assert (np.asarray(x) == expected).all()


def test_the_memory_of_a_batch_is_used_again(tree):
    flow = make(tree)
    loader = lade.jax.loader(flow)
    for _ in range(10):
        for x, y in loader:
            (x.sum() + y.sum()).block_until_ready()
    assert flow.counters["ring"] <= 20


def test_labels_and_weights(tree):
    x, y = next(iter(lade.jax.loader(make(tree, class_mode="categorical"))))
    assert y.shape == (4, 3) and y.dtype == np.float32
    x, y = next(iter(lade.jax.loader(make(tree, class_mode="input"))))
    assert (x == y).all()
    (x,) = next(iter(lade.jax.loader(make(tree, class_mode=None))))
    assert x.shape == (4, 8, 6, 3)
    images = np.arange(6 * 4 * 4, dtype=np.uint8).reshape(6, 4, 4, 1)
    flow = lade.flow_from_arrays(images, np.arange(6), sample_weight=np.arange(6) / 2, order="sorted", dtype="uint8")
    x, y, weight = next(iter(lade.jax.loader(flow)))
    assert x.dtype == np.uint8 and (np.asarray(x) == images).all() and list(weight) == [i / 2 for i in range(6)]


def test_empty_batches(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.png").write_bytes(b"not an image")
    flow = lade.flow_from_directory(tmp_path, on_error="skip", target_size=4, class_mode="sparse")
    assert [(x.shape, y.shape) for x, y in lade.jax.loader(flow)] == [((0, 4, 4, 3), (0,))]


def test_a_sharding(tree):
    sharding = jax.sharding.SingleDeviceSharding(jax.devices()[0])
    for mode in ("sparse", "categorical", "input", None):
        for got, expected in zip(
            lade.jax.loader(make(tree, class_mode=mode), sharding), lade.jax.loader(make(tree, class_mode=mode)), strict=True
        ):
            assert len(got) == len(expected)
            assert all((a == b).all() and a.sharding == sharding for a, b in zip(got, expected))
    with pytest.raises(TypeError, match="list"):
        lade.jax.loader([])


def test_set_epoch_and_state(tree):
    loader = lade.jax.loader(make(tree))
    epochs = [[y.tolist() for _, y in loader] for _ in range(2)]
    loader.set_epoch(0)
    next(iter(loader))
    other = lade.jax.loader(make(tree, workers=1))
    other.load_state_dict(loader.state_dict())
    assert [y.tolist() for _, y in other] == epochs[0][1:]


SCRIPT = """
import sys, jax, lade
tree, port, rank, devices = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
jax.config.update("jax_num_cpu_devices", devices)
jax.distributed.initialize("localhost:" + port, num_processes=2, process_id=rank)
flow = lade.flow_from_directory(tree, target_size=8, batch_size=8, class_mode="sparse", drop_last=True)
assert flow.process == (rank, 2, "jax.distributed"), flow.process
mesh = jax.make_mesh((jax.device_count(),), ("data",))
sharding = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec("data"))
for x, y in lade.jax.loader(flow, sharding):
    assert x.shape == (8, 8, 8, 3) and y.shape == (8,) and len(x.addressable_shards) == devices, x.shape
    assert x.addressable_shards[0].data.shape[0] == 8 // jax.device_count()
    print([int(i) for s in y.addressable_shards for i in s.data])
"""


def test_two_processes_share_each_batch(tree):
    with socket.socket() as s:
        s.bind(("localhost", 0))
        port = str(s.getsockname()[1])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "JAX_PLATFORMS": "cpu"}
    processes = [
        subprocess.Popen([sys.executable, "-c", SCRIPT, str(tree), port, str(rank), "2"], env=environment,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for rank in range(2)
    ]
    try:
        results = [p.communicate(timeout=60) for p in processes]
    finally:
        for p in processes:
            p.kill()
    assert [p.returncode for p in processes] == [0, 0], results
    parts = [[eval(line) for line in out.splitlines()] for out, _ in results]
    whole = lade.flow_from_directory(tree, target_size=8, batch_size=8, class_mode="sparse", drop_last=True)
    expected = [[int(i) for i in y.numpy().ravel()] for _, y in whole.epoch()]
    assert [a + b for a, b in zip(*parts, strict=True)] == expected

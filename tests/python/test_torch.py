"""lade.torch: tensors of torch without a copy, epochs, the position, and DataLoader."""

import gc
import json
import sys

import lade
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")


def make(tree, **options):
    return lade.flow_from_directory(
        tree, **{"target_size": (8, 6), "batch_size": 4, "seed": 1, "class_mode": "sparse", **options}
    )


def test_lade_does_not_import_a_framework():
    import subprocess

    script = "import sys, lade; print([m for m in ('torch', 'jax', 'tensorflow') if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", script], env={"PYTHONPATH": ":".join(sys.path)}, capture_output=True,
                            text=True, timeout=60)
    assert result.stdout.strip() == "[]", result.stderr
    with pytest.raises(AttributeError, match="nothing"):
        lade.nothing


def test_an_epoch(tree):
    loader = lade.torch.loader(make(tree))
    assert len(loader) == 8 and "lade.torch.Loader" in repr(loader)
    batches = list(loader)
    assert len(batches) == 8 and loader.epoch == 1
    for (x, y), batch in zip(batches, make(tree).epoch(), strict=True):
        expected = batch.x.numpy()
        assert x.dtype == torch.float32 and x.shape == (len(expected), 3, 8, 6)
        assert x.is_contiguous(memory_format=torch.channels_last)
        assert y.dtype == torch.int64 and y.shape == (len(expected),)
        assert (x.permute(0, 2, 3, 1).numpy() == expected).all()
        assert (y.numpy() == batch.y.numpy().ravel()).all()


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_pixels_are_not_copied(tree, data_format):
    batch = next(make(tree, data_format=data_format))
    x, y = lade.torch.tensors(batch, channels_last=data_format == "channels_last", class_index=True)
    assert x.data_ptr() == batch.x.address and x.shape == (4, 3, 8, 6)
    x, y = lade.torch.tensors(batch)
    assert x.data_ptr() == batch.x.address and y.data_ptr() == batch.y.address
    expected = np.array(batch.x)
    del batch
    gc.collect()
    assert (x.numpy() == expected).all()


def test_the_memory_of_a_batch_is_used_again(tree):
    """If a loop stores no tensor, the ring of the flow does not grow."""
    flow = make(tree)
    loader = lade.torch.loader(flow)
    for _ in loader:
        pass
    ring = flow.counters["ring"]
    for _ in range(10):
        for x, y in loader:
            x.add_(1)
    assert flow.counters["ring"] == ring
    held = [x for x, _ in loader]
    assert len({x.data_ptr() for x in held}) == 8


@pytest.mark.parametrize(
    ("mode", "shape", "dtype"), [("categorical", (4, 3), "float32"), ("sparse", (4,), "int64"), ("input", (4, 3, 8, 6), "float32")]
)
def test_labels(tree, mode, shape, dtype):
    _, y = next(iter(lade.torch.loader(make(tree, class_mode=mode))))
    assert y.shape == shape and y.dtype == getattr(torch, dtype)


def test_no_labels_and_weights(tree):
    (x,) = next(iter(lade.torch.loader(make(tree, class_mode=None))))
    assert x.shape == (4, 3, 8, 6)
    images = np.arange(6 * 4 * 4, dtype=np.uint8).reshape(6, 4, 4, 1)
    flow = lade.flow_from_arrays(images, np.arange(6), sample_weight=np.arange(6) / 2, order="sorted", dtype="uint8")
    x, y, weight = next(iter(lade.torch.loader(flow)))
    assert x.dtype == torch.uint8 and (x[:, 0].numpy() == images[..., 0]).all() and y.shape == (6, 6)
    assert weight.tolist() == [i / 2 for i in range(6)]


def test_empty_batches(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.png").write_bytes(b"not an image")
    flow = lade.flow_from_directory(tmp_path, on_error="skip", target_size=4, class_mode="sparse")
    assert [(tuple(x.shape), tuple(y.shape)) for x, y in lade.torch.loader(flow)] == [((0, 3, 4, 4), (0,))]


def test_a_device(tree):
    loader = lade.torch.loader(make(tree), device="cpu")
    assert all(x.device.type == y.device.type == "cpu" for x, y in loader)
    x, _ = next(iter(lade.torch.loader(make(tree), device="meta")))
    assert x.device.type == "meta"
    if not torch.cuda.is_available():
        with pytest.warns(UserWarning, match="pin_memory"):
            loader = lade.torch.loader(make(tree), pin_memory=True)
        assert sum(len(x) for x, _ in loader) == 30
    with pytest.raises(TypeError, match="list"):
        lade.torch.loader([])


def test_set_epoch_and_state(tree):
    def labels(loader):
        return [y.tolist() for _, y in loader]

    loader = lade.torch.loader(make(tree))
    epochs = [labels(loader) for _ in range(3)]
    assert epochs[0] != epochs[1]
    loader.set_epoch(1)
    assert loader.epoch == 1
    iterator = iter(loader)
    first = [next(iterator)[1].tolist() for _ in range(3)]
    loader.set_epoch(1)
    assert first + labels(loader) == epochs[1]
    loader.set_epoch(0)
    next(iter(loader))
    state = loader.state_dict()
    other = lade.torch.loader(make(tree, workers=1))
    other.load_state_dict(state)
    assert labels(other) == epochs[0][1:] and labels(other) == epochs[1]
    with pytest.raises(ValueError):
        loader.set_epoch(-1)


def test_a_data_loader(tree):
    from torch.utils.data import DataLoader, IterableDataset

    loader = lade.torch.loader(make(tree))
    assert isinstance(loader, IterableDataset)
    addresses = {next(make(tree)).x.address}
    batches = [(x.shape, y.tolist()) for x, y in DataLoader(loader, batch_size=None)]
    assert addresses and [y for _, y in batches] == [y.tolist() for _, y in lade.torch.loader(make(tree))]
    assert batches[0][0] == (4, 3, 8, 6)


@pytest.mark.parametrize("context", ["fork", "spawn"])
def test_worker_processes_are_refused(tree, context):
    from torch.utils.data import DataLoader

    loader = lade.torch.loader(make(tree))
    next(iter(loader))
    with pytest.raises(ValueError, match="num_workers is .* must be 0, because"):
        list(DataLoader(loader, batch_size=None, num_workers=2, multiprocessing_context=context, timeout=30))
    assert len(list(loader)) == 7


def test_an_exception_in_the_loop(tree):
    loader = lade.torch.loader(make(tree))
    with pytest.raises(ZeroDivisionError):
        for _ in loader:
            raise ZeroDivisionError
    assert len(list(loader)) == 7


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("taken", [0, 1, 5, 8])
def test_the_stateful_data_loader_of_torchdata(tree, taken):
    stateful = pytest.importorskip("torchdata.stateful_dataloader", reason="torchdata is not installed")

    def make_loader(**options):
        loader = lade.torch.loader(make(tree, rotation_range=20, **options))
        return stateful.StatefulDataLoader(loader, batch_size=None)

    plain = lade.torch.loader(make(tree, rotation_range=20))
    expected = [x.clone() for _ in range(3) for x, _ in plain]
    saved = make_loader()
    iterator = iter(saved)
    for x in expected[:taken]:
        assert torch.equal(next(iterator)[0], x)
    resumed = make_loader(workers=1)
    resumed.load_state_dict(json.loads(json.dumps(saved.state_dict())))
    rest = [x for x, _ in resumed] + [x for x, _ in resumed]
    assert len(rest) == 16 - taken % 8
    assert all(torch.equal(a, b) for a, b in zip(rest, expected[taken:], strict=False))

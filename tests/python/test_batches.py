"""Batches, tensors, and views of their memory."""

import gc

import lade
import numpy as np
import pytest


def make(tree, **options):
    return lade.flow_from_directory(tree, **{"target_size": (8, 8), "batch_size": 4, "seed": 1, **options})


def test_an_epoch_has_each_sample_once(tree):
    flow = make(tree)
    batches = list(flow.epoch())
    assert len(batches) == len(flow) == 8
    assert [b.step for b in batches] == list(range(8))
    assert sorted(int(i) for b in batches for i in b.indices.numpy()) == list(range(30))
    assert batches[-1].n == 2
    assert next(flow).epoch == 1


def test_the_loop_over_a_flow_is_endless(tree):
    seen = []
    for batch in make(tree):
        seen.append((batch.epoch, batch.step))
        if len(seen) == 20:
            break
    assert seen == [(k // 8, k % 8) for k in range(20)]


def test_a_loop_continues_where_the_last_loop_stopped(tree):
    flow = make(tree)
    for batch in flow.epoch():
        if batch.step == 2:
            break
    assert [b.step for b in flow.epoch()] == [3, 4, 5, 6, 7]
    assert [b.step for b in flow.epoch()] == list(range(8))


@pytest.mark.parametrize(
    ("mode", "shape"), [("categorical", (4, 3)), ("sparse", (4, 1)), ("none", None), (None, None), ("input", (4, 8, 8, 3))]
)
def test_shapes_of_the_labels(tree, mode, shape):
    batch = next(make(tree, class_mode=mode))
    x, y = batch
    assert x.shape == (4, 8, 8, 3) and x.dtype == "float32"
    assert (y.shape if y is not None else None) == shape
    assert len(batch) == 2 and batch[0] is x and batch[-1] is y
    if mode == "input":
        assert y is x


def test_a_batch_with_weights_unpacks_to_three(tree):
    x = np.zeros((6, 4, 4, 1), np.uint8)
    flow = lade.flow_from_arrays(x, np.arange(6), sample_weight=np.arange(6) / 2, batch_size=3, order="sorted")
    for batch in flow.epoch():
        x, y, weight = batch
        assert weight.shape == (3,) and list(weight.numpy()) == [i / 2 for i in batch.indices.numpy()]
    with pytest.raises(IndexError):
        batch[3]


def test_all_views_have_the_same_address(tree):
    for channels in ("float32", "uint8"):
        x, y = next(make(tree, dtype=channels))
        views = [np.asarray(x), np.from_dlpack(x), x.numpy(), np.frombuffer(memoryview(x).cast("B"), np.uint8)]
        assert {v.ctypes.data for v in views} == {x.address}
        assert np.asarray(y).ctypes.data == y.address
        assert views[0].shape == x.shape and views[0].dtype == channels and views[0].flags.writeable


def test_capsules_of_both_versions(tree):
    x, _ = next(make(tree))
    assert x.__dlpack_device__() == (1, 0)
    assert '"dltensor"' in repr(x.__dlpack__())
    assert '"dltensor"' in repr(x.__dlpack__(max_version=(0, 8)))
    assert '"dltensor_versioned"' in repr(x.__dlpack__(max_version=(1, 0)))
    copy = x.__dlpack__(max_version=(1, 1), copy=True, dl_device=(1, 0))
    assert '"dltensor_versioned"' in repr(copy)
    for arguments in ({"stream": 1}, {"dl_device": (2, 0)}):
        with pytest.raises(BufferError):
            x.__dlpack__(**arguments)
    for arguments in ({"max_version": 1}, {"max_version": ("a", 1)}, {"wrong": 1}):
        with pytest.raises(TypeError):
            x.__dlpack__(**arguments)


def test_a_read_only_tensor_gives_only_a_versioned_capsule(tree):
    indices = next(make(tree)).indices
    assert not indices.numpy().flags.writeable
    assert not np.from_dlpack(indices).flags.writeable
    with pytest.raises(BufferError):
        indices.__dlpack__()


def test_views_outlive_batch_and_flow(tree):
    flow = make(tree)
    expected = [np.array(x) for x, _ in make(tree).epoch()]
    views = [np.from_dlpack(x) for x, _ in flow.epoch()]
    buffers = [memoryview(x) for x, _ in make(tree).epoch()]
    flow.close()
    del flow
    gc.collect()
    for view, buffer, values in zip(views, buffers, expected, strict=True):
        assert (view == values).all() and (np.asarray(buffer) == values).all()


def test_the_ring_grows_while_batches_are_held_and_shrinks_again(tree):
    flow = make(tree)
    held = [next(flow) for _ in range(40)]
    assert flow.counters["ring"] >= 40
    addresses = {b.x.address for b in held}
    assert len(addresses) == 40
    del held
    for _ in range(50):
        next(flow)
    assert flow.counters["ring"] <= 20


def test_held_can_refuse(tree):
    flow = make(tree, held="refuse")
    held = []
    with pytest.raises(lade.StateError) as caught:
        while len(held) < 100:
            held.append(next(flow))
    assert caught.value.status == "LADE_EBUSY"
    del held
    next(flow)


def test_items_of_a_tensor(tree):
    x, y = next(make(tree))
    assert len(x) == 4 and x[0].shape == (8, 8, 3) and x[1:3, ..., 0].shape == (2, 8, 8)
    assert x.ndim == 4 and x.size == 4 * 8 * 8 * 3 and x.nbytes == x.size * 4
    assert repr(x) == "<lade.Tensor float32 (4, 8, 8, 3)>"
    assert repr(next(make(tree))).startswith("<lade.Batch epoch=0 step=0 x=<lade.Tensor")


def test_one_batch_of_an_epoch(tree):
    flow = make(tree, horizontal_flip=True)
    epochs = [[np.array(x) for x, _ in flow.epoch()] for _ in range(2)]
    assert (flow.batch(1, 3).x.numpy() == epochs[1][3]).all()
    assert (flow.batch(0, 0).x.numpy() == epochs[0][0]).all()
    assert next(flow).epoch == 2
    with pytest.raises(ValueError, match="8"):
        flow.batch(0, 8)


def test_a_batch_of_skipped_files_may_be_empty(tmp_path):
    (tmp_path / "a").mkdir()
    for i in range(3):
        (tmp_path / "a" / f"{i}.png").write_bytes(b"not an image")
    flow = lade.flow_from_directory(tmp_path, on_error="skip", batch_size=2, target_size=4, class_mode=None)
    shapes = [np.asarray(x).shape for x, _ in flow.epoch()]
    assert shapes == [(0, 4, 4, 3)] * 2
    files = flow.invalid_files
    assert len(files) == 3 and {f.status for f in files} == {"LADE_EUNSUPPORTED"}
    assert sorted(f.filename for f in files) == ["a/0.png", "a/1.png", "a/2.png"]
    assert np.from_dlpack(next(flow).x).shape == (0, 4, 4, 3)


def test_types_cannot_be_made_by_hand():
    for kind in (lade.Tensor, lade.Batch, lade.Stats, lade.Flow):
        with pytest.raises(TypeError):
            kind()


def test_digests_of_ranks_add_up(tree):
    def digest(**options):
        d = lade.Digest()
        flow = make(tree, rotation_range=20, **options)
        for batch in flow.epoch():
            d.add(batch)
        return d

    whole, parts = digest(workers=1), [digest(rank=r, world=2) for r in range(2)]
    parts[0].merge(parts[1])
    assert str(whole) == str(parts[0]) and len(str(whole)) == 32
    with pytest.raises(TypeError):
        whole.add(1)

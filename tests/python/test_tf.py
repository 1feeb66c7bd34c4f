"""lade.tf: a tf.data.Dataset with the shapes and types of the flow."""

import lade
import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="TensorFlow is not installed")


def make(tree, **options):
    return lade.flow_from_directory(
        tree, **{"target_size": (8, 6), "batch_size": 4, "seed": 1, "class_mode": "sparse", **options}
    )


def test_an_epoch_at_a_time(tree):
    flow = make(tree)
    dataset = lade.tf.dataset(flow)
    assert dataset.element_spec == (tf.TensorSpec((None, 8, 6, 3), tf.float32), tf.TensorSpec((None,), tf.int64))
    for epoch in range(2):
        batches = list(dataset)
        assert len(batches) == 8 and flow.state_dict()["epoch"] == epoch + 1
    for (x, y), batch in zip(dataset, make(tree).epoch(), strict=True):
        assert x.shape == (len(batch.x), 8, 6, 3) and y.dtype == tf.int64
    for (x, y), batch in zip(lade.tf.dataset(make(tree)), make(tree).epoch(), strict=True):
        assert (x.numpy() == batch.x.numpy()).all() and (y.numpy() == batch.y.numpy().ravel()).all()


def test_signatures(tree):
    x = tf.TensorSpec((None, 8, 6, 3), tf.uint8)
    for mode, expected in {
        "categorical": (x, tf.TensorSpec((None, 3), tf.float32)), "input": (x, x), None: x,
    }.items():  # fmt: skip
        assert lade.tf.dataset(make(tree, class_mode=mode, dtype="uint8")).element_spec == expected
    images = np.zeros((6, 4, 4, 1), np.uint8)
    flow = lade.flow_from_arrays(images, np.ones((6, 2)), sample_weight=np.arange(6) / 2, class_mode="raw", order="sorted")
    assert [s.shape.as_list() for s in lade.tf.dataset(flow).element_spec] == [[None, 4, 4, 1], [None, 2], [None]]
    assert [w.numpy().tolist() for _, _, w in lade.tf.dataset(flow)] == [[i / 2 for i in range(6)]]
    with pytest.raises(TypeError, match="list"):
        lade.tf.dataset([])


def test_a_loop_that_is_left_early(tree):
    flow = make(tree)
    for step, _ in enumerate(lade.tf.dataset(flow)):
        if step == 2:
            break
    assert flow.state_dict()["epoch"] == 0
    rest = sum(1 for _ in lade.tf.dataset(flow))
    assert 1 <= rest <= 5

"""Tests what old programs do with the iterators of Keras and what fails in Keras 3."""

import os
import pickle

import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "jax")
Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")

import lade.keras.preprocessing.image as ours  # noqa: E402

SIZE = (24, 32)


def test_course_of_keras_1(photos):
    """These names do not exist in Keras 3, so the batches of Keras come from next()."""
    flow = ours.ImageDataGenerator(dim_ordering="tf").flow_from_directory(photos / "train", SIZE, batch_size=1, seed=1)
    legacy = pytest.importorskip("keras.src.legacy.preprocessing.image", reason="this Keras has no ImageDataGenerator")
    like = legacy.ImageDataGenerator().flow_from_directory(photos / "train", SIZE, batch_size=1, seed=1)
    found = np.concatenate([flow.next()[0] for _ in range(flow.nb_sample)])
    expected = np.concatenate([next(like)[0] for _ in range(like.samples)])
    assert (flow.N, flow.nb_class) == (like.n, like.num_classes)
    np.testing.assert_array_equal(found, expected)


def test_old_table_that_fills_a_folder_iterator(photos):
    """This form fails in Keras since 2019."""
    flow = ours.ImageDataGenerator().flow_from_directory(photos / "test", SIZE, class_mode="sparse", seed=1)
    names = sorted(str(path) for path in (photos / "train").rglob("*.png"))
    flow.filenames, flow.classes = names, np.arange(len(names) * 2.0).reshape(-1, 2)
    flow.samples = flow.n = len(names)
    flow.directory = ""
    flow._set_index_array()
    x, y = next(flow)
    assert sorted(y[:, 0]) == sorted(flow.classes[:, 0])
    row = int(y[0, 0]) // 2
    np.testing.assert_array_equal(x[0], ours.img_to_array(ours.load_img(names[row], target_size=SIZE)))


def test_load_img_that_a_notebook_replaces(photos, monkeypatch):
    seen = []

    def load_img(path, *arguments, interpolation="nearest", **options):
        seen.append(interpolation)
        return Image.new("RGB", (SIZE[1], SIZE[0]), (1, 2, 3))

    monkeypatch.setattr(ours.iterator, "load_img", load_img)
    flow = ours.ImageDataGenerator().flow_from_directory(photos / "train", SIZE, interpolation="lanczos:random")
    assert (next(flow)[0] == np.array([1, 2, 3])).all()
    assert set(seen) == {"lanczos:random"}


def test_pickles_of_a_generator_and_an_iterator(photos, arrays):
    pytest.importorskip("scipy.ndimage", reason="SciPy is not installed")
    generator = ours.ImageDataGenerator(featurewise_center=True, rotation_range=20)
    generator.fit(arrays[0])
    copy = pickle.loads(pickle.dumps(generator))
    np.testing.assert_array_equal(copy.mean, generator.mean)
    flow = generator.flow_from_directory(photos / "train", SIZE, batch_size=4, seed=1)
    next(flow)
    other = pickle.loads(pickle.dumps(flow))
    for one, two in zip(next(flow), next(other), strict=True):
        np.testing.assert_array_equal(one, two)

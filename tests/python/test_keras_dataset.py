"""Tests image_dataset_from_directory of lade.keras: the files, subsets and labels of Keras, and its pixels with jax."""

import os

import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "jax")
Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
keras = pytest.importorskip("keras", reason="Keras is not installed")
utils = pytest.importorskip("keras.src.utils.dataset_utils", reason="this Keras has no dataset_utils")

from lade.keras import image_dataset_from_directory  # noqa: E402

FORMATS = (".bmp", ".gif", ".jpeg", ".jpg", ".png")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a directory with two classes, a hidden folder and files that are not images."""
    root = tmp_path_factory.mktemp("photos")
    draw = np.random.RandomState(0)
    for name, count in (("dog", 9), ("cat", 7), (".hidden", 2)):
        (root / name / "deep").mkdir(parents=True)
        for i in range(count):
            path = root / name / ("deep" if i % 4 == 3 else "") / f"{i}.{'png' if i % 2 else 'jpg'}"
            Image.fromarray(draw.randint(0, 256, (10 + i, 14, 3)).astype("uint8")).save(path)
    (root / "cat" / "notes.txt").write_text("no image")
    return root


@pytest.mark.parametrize("options", [{}, {"shuffle": False}, {"class_names": ["dog", "cat"]}, {"labels": None}])
@pytest.mark.parametrize("subset", [None, "training", "validation"])
def test_files_and_labels_of_keras(folder, capsys, options, subset):
    split = {"validation_split": 0.3, "subset": subset} if subset else {}
    options = {"labels": "inferred", "shuffle": True, **options}
    paths, labels, names = utils.index_directory(str(folder), formats=FORMATS, seed=3, **options)
    paths, labels = utils.get_training_or_validation_split(paths, labels, split.get("validation_split"), subset)
    printed = capsys.readouterr().out
    dataset = image_dataset_from_directory(folder, seed=3, **options, **split)
    assert capsys.readouterr().out == printed
    assert dataset.file_paths == paths
    assert dataset.class_names == names
    if labels is not None:
        by_path = dict(zip(dataset.file_paths, dataset._labels, strict=True))
        assert [by_path[path] for path in paths] == list(labels)


def test_pixels_are_those_of_keras(folder):
    for method in ("bilinear", "nearest"):
        dataset = image_dataset_from_directory(folder, image_size=(8, 20), interpolation=method, shuffle=False)
        images, labels = dataset[0]
        assert images.dtype == np.float32 and labels.dtype == np.int32
        for path, found in list(zip(dataset.file_paths, images, strict=True))[::6]:  # jax compiles once for each size
            pixels = np.asarray(Image.open(path).convert("RGB"), "float32")
            expected = np.asarray(keras.ops.image.resize(pixels, (8, 20), method))
            np.testing.assert_allclose(found, expected, atol=1e-2)


def test_label_modes_and_sizes(folder):
    make = lambda **given: image_dataset_from_directory(folder, image_size=6, seed=1, **given)  # noqa: E731
    assert make(label_mode="binary")[0][1].shape == (16, 1)
    one_hot = make(label_mode="categorical")[0][1]
    assert one_hot.shape == (16, 2) and one_hot.sum() == 16
    assert make(label_mode=None)[0].shape == (18, 6, 6, 3)  # without labels, hidden folders count, as in Keras
    assert make(batch_size=None)[0][0].shape == (6, 6, 3)
    assert make(data_format="channels_first", color_mode="grayscale")[0][0].shape == (16, 1, 6, 6)
    assert [len(labels) for _, labels in make(batch_size=5)] == [5, 5, 5, 1]
    padded = make(pad_to_aspect_ratio=True, shuffle=False)[0][0]
    assert padded.shape == (16, 6, 6, 3) and not padded[0, 0].any()
    assert make(crop_to_aspect_ratio=True)[0][0].shape == (16, 6, 6, 3)


def test_epochs_have_new_orders_with_all_images(folder):
    dataset = image_dataset_from_directory(folder, image_size=6, batch_size=16, seed=1)
    first, second = (np.concatenate([images for images, _ in dataset]) for _ in range(2))
    assert not np.array_equal(first, second)
    assert np.array_equal(np.sort(first.sum((1, 2, 3))), np.sort(second.sum((1, 2, 3))))


def test_both_subsets_train_a_model(folder):
    training, validation = image_dataset_from_directory(
        folder, image_size=6, batch_size=4, seed=1, validation_split=0.25, subset="both", label_mode="binary"
    )
    assert not set(training.file_paths) & set(validation.file_paths)
    model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(1, activation="sigmoid")])
    model.compile("sgd", "binary_crossentropy")
    history = model.fit(training, validation_data=validation, epochs=2, verbose=0)
    assert len(history.history["val_loss"]) == 2


@pytest.mark.parametrize(
    "options",
    [
        {"labels": "none"},
        {"labels": [0, 1]},
        {"class_names": ["bird"]},
        {"labels": None, "class_names": ["cat"]},
        {"label_mode": "float"},
        {"label_mode": "binary", "class_names": ["cat"]},
        {"color_mode": "bgr"},
        {"image_size": (1, 2, 3)},
        {"interpolation": "box"},
        {"validation_split": 2.0, "subset": "training", "seed": 1},
        {"validation_split": 0.2},
        {"validation_split": 0.2, "subset": "training"},
        {"validation_split": 0.2, "subset": "half", "seed": 1},
        {"format": "grain"},
    ],
)
def test_errors(folder, options):
    with pytest.raises(ValueError, match="."):
        image_dataset_from_directory(folder, **options)


def test_no_images(tmp_path):
    with pytest.raises(ValueError, match="."):
        image_dataset_from_directory(tmp_path)

"""Compares the iterators of lade.keras with those of the installed Keras: the order, the labels and the pixels.

LADE_KERAS_SETS is the number of random sets of parameters; the default is small.
"""

import os
import random
import warnings

import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "jax")
PIL = pytest.importorskip("PIL", reason="Pillow is not installed")
Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
pytest.importorskip("scipy.ndimage", reason="SciPy is not installed")
keras = pytest.importorskip("keras", reason="Keras is not installed")
reference = pytest.importorskip("keras.src.legacy.preprocessing.image", reason="this Keras has no ImageDataGenerator")

from lade.keras import ImageDataGenerator  # noqa: E402

SETS = int(os.environ.get("LADE_KERAS_SETS", "20"))
# From version 12 on, Pillow resizes some images first vertically and then horizontally, so values differ by 1.
FILTERS_DIFFER = int(PIL.__version__.split(".")[0]) >= 12
LARGEST: dict[str, float] = {}  # the largest difference of pixels in sets with this parameter, as a fraction of the range
SIZES = [(20, 31), (17, 17), (40, 23), (9, 33), (64, 48)]


def picture(mode, size, seed):
    """Return an image with smooth areas and some noise."""
    draw = np.random.RandomState(seed)
    coarse = draw.randint(0, 256, (5, 7, len(mode) if mode != "L" else 1)).astype("uint8")
    array = np.kron(coarse, np.ones((13, 10, 1), "uint8"))[: size[0], : size[1]]
    array = array ^ draw.randint(0, 8, array.shape).astype("uint8")
    return Image.fromarray(array if mode != "L" else array[..., 0])


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Return three directories: RGB files, grey files and files with alpha. Each has three classes."""
    root = tmp_path_factory.mktemp("keras")
    for mode, suffixes in (("RGB", ["jpg", "png", "bmp"]), ("L", ["png", "jpg", "tif"]), ("RGBA", ["png"])):
        for c, name in enumerate(("b", "a10", "a2")):
            (root / mode / name / "deep").mkdir(parents=True)
            for i in range(5 + c):
                place = root / mode / name / ("deep" if i == 3 else "") / f"{(i * 7) % 11}.{suffixes[i % len(suffixes)]}"
                picture(mode, SIZES[(i + c) % len(SIZES)], 10 * c + i).save(place)
    (root / "RGB" / "b" / "notes.txt").write_text("no image")
    return root


def draw_parameters(pick):
    """Return random arguments of ImageDataGenerator and flow_from_directory."""
    maybe = lambda *values: pick.choice([None, *values])  # noqa: E731
    given = {
        "rotation_range": maybe(40, 180, 0.2),
        "width_shift_range": maybe(0.2, 3, 5.0, [-0.1, 0.3], 1),
        "height_shift_range": maybe(0.2, 4, 5.0, (-3, 2)),
        "shear_range": maybe(0.2, 20),
        "zoom_range": maybe(0.2, [0.5, 1.0], (1, 1.5), 1.2),
        "channel_shift_range": maybe(30, 100.0),
        "brightness_range": maybe((0.5, 1.5), [0.2, 1.0]),
        "horizontal_flip": maybe(True),
        "vertical_flip": maybe(True, 1),
        "fill_mode": maybe("constant", "reflect", "wrap"),
        "cval": maybe(17.5, 255),
        "rescale": maybe(1 / 255, 2.0),
        "samplewise_center": pick.random() < 0.2,
        "samplewise_std_normalization": pick.random() < 0.1,
        "interpolation_order": pick.choice([1, 1, 1, 0, 3]),
        "data_format": pick.choice(["channels_last"] * 4 + ["channels_first"]),
        "validation_split": pick.choice([0.0, 0.3]),
        "dtype": pick.choice(["float32"] * 5 + ["float64", "float16"]),
    }
    if given["data_format"] == "channels_first":
        given["brightness_range"] = None  # an error in Keras
    generator = {name: value for name, value in given.items() if value is not None}
    flow = {
        "target_size": pick.choice([(16, 16), (21, 30), (33, 12)]),
        "color_mode": pick.choice(["rgb", "rgb", "grayscale", "rgba"]),
        "class_mode": pick.choice(["categorical", "sparse", "binary", "input", None]),
        "batch_size": pick.choice([1, 4, 7, 50]),
        "shuffle": pick.random() < 0.7,
        "seed": pick.choice([1, 99, None]),
        "interpolation": pick.choice(["nearest", "nearest", "bilinear", "bicubic", "lanczos", "box", "hamming"]),
        "keep_aspect_ratio": pick.random() < 0.3,
        "subset": pick.choice(["training", "validation"]) if given["validation_split"] else None,
    }
    if pick.random() < 0.2:
        flow["classes"] = ["a2", "b"]
    return generator, flow


def read(iterator, access, batches):
    """Return the batches of an iterator, by one of the two kinds of access."""
    np.random.seed(7)
    if access == "next":
        return [next(iterator) for _ in range(batches)]
    result = []
    while len(result) < batches:
        result += [iterator[i] for i in range(len(iterator))]
        iterator.on_epoch_end()
    return result[:batches]


def parts_of(batch):
    parts = list(batch) if isinstance(batch, (tuple, list)) else [batch]
    return [item for part in parts for item in (part if isinstance(part, list) else [part])]


def assert_same(expected, actual, scale, what):
    """Compare two lists of batches, and return the largest difference of pixels, as a fraction of 255."""
    worst = 0.0
    for one, other in zip(expected, actual, strict=True):
        for k, (a, b) in enumerate(zip(parts_of(one), parts_of(other), strict=True)):
            assert type(a) is type(b) and a.dtype == b.dtype and a.shape == b.shape, what
            if a.ndim == 4 and a.size:
                worst = max(worst, float(np.abs(a.astype(float) - b.astype(float)).max()) / scale)
            else:
                assert k and (a == b).all(), what
    return worst


def scale_of(generator):
    """Return the number that corresponds to 255."""
    scale = 255 * generator.get("rescale", 1)
    return scale if not generator.get("samplewise_std_normalization") else 4.0


@pytest.mark.parametrize("number", range(SETS))
def test_random_parameters(folders, number):
    pick = random.Random(number)
    generator, options = draw_parameters(pick)
    folder, access = folders / pick.choice(["RGB", "L", "RGBA"]), pick.choice(["next", "item"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = reference.ImageDataGenerator(**generator).flow_from_directory(folder, **options)
        ours = ImageDataGenerator(**generator).flow_from_directory(folder, **options)
        assert (ours.filenames, ours.class_indices) == (theirs.filenames, theirs.class_indices)
        assert (ours.classes == theirs.classes).all() and len(ours) == len(theirs)
        steps = 2 * len(theirs)
        expected, actual = read(theirs, access, steps), read(ours, access, steps)
    assert (ours.index_array == theirs.index_array).all()
    assert (ours.batch_index, ours.total_batches_seen) == (theirs.batch_index, theirs.total_batches_seen)
    assert (np.random.get_state()[1] == _state_after(theirs, generator, folder, options, access, steps)).all()
    worst = assert_same(expected, actual, scale_of(generator), (generator, options))
    limit = 1.05 / 255 if generator.get("dtype") != "float16" else 2 / 255
    if FILTERS_DIFFER and options["interpolation"] != "nearest":
        return
    for name in (*generator, *(f"{key} {options[key]}" for key in ("color_mode", "interpolation", "class_mode"))):
        LARGEST[name] = max(LARGEST.get(name, 0), worst)
    assert worst <= limit, (worst * 255, generator, options)


def test_the_largest_differences():
    """Print the largest difference for each parameter (pytest -s), in units of 1/255 of the range."""
    for name, worst in sorted(LARGEST.items()):
        print(f"{name:32} {255 * worst:.4f}")
    assert LARGEST or SETS < 10


def _state_after(theirs, generator, folder, options, access, steps):
    """Return the state of numpy.random after Keras has made the same batches."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        read(reference.ImageDataGenerator(**generator).flow_from_directory(folder, **options), access, steps)
    return np.random.get_state()[1]

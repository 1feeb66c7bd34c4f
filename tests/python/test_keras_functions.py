"""Compares the functions of lade.keras on one image with those of the installed Keras, and tests install()."""

import importlib
import io
import os
import sys
import warnings

import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "jax")
Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
pytest.importorskip("scipy.ndimage", reason="SciPy is not installed")
keras = pytest.importorskip("keras", reason="Keras is not installed")
reference = pytest.importorskip("keras.src.legacy.preprocessing.image", reason="this Keras has no ImageDataGenerator")

import lade.keras as ours  # noqa: E402

THEIRS = {
    name: getattr(keras.utils, name) for name in ("array_to_img", "img_to_array", "load_img", "save_img")
}
LAST = {"row_axis": 0, "col_axis": 1, "channel_axis": 2}


@pytest.fixture
def image():
    return np.random.RandomState(1).uniform(0, 255, (13, 17, 3)).astype("float32")


@pytest.fixture
def installed():
    ours.install()
    yield
    ours.uninstall()


def both(name, *arguments, **options):
    """Call a function of Keras and of lade with the same state of numpy.random. Compare the results and the state."""
    results = []
    for module in (reference, ours):
        np.random.seed(5)
        results.append((getattr(module, name)(*arguments, **options), np.random.uniform()))
    (expected, drawn), (found, also_drawn) = results
    assert drawn == also_drawn
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("fill_mode", ["nearest", "constant", "reflect", "wrap"])
@pytest.mark.parametrize("order", [0, 1, 3])
@pytest.mark.parametrize("axes", [{}, LAST])
def test_random_affine_functions(image, fill_mode, order, axes):
    x = image if axes else image.transpose(2, 0, 1)
    options = dict(axes, fill_mode=fill_mode, cval=7.0, interpolation_order=order)
    both("random_rotation", x, 40, **options)
    both("random_shift", x, 0.2, 0.3, **options)
    both("random_shear", x, 20, **options)
    both("random_zoom", x, (0.6, 1.4), **options)
    both("random_zoom", x, (1, 1), **options)


def test_apply_affine_transform(image):
    both("apply_affine_transform", image, 10, 2, -3, 5, 0.8, 1.2, **LAST)
    both("apply_affine_transform", image, **LAST)


def test_colours(image):
    both("random_channel_shift", image, 60, 2)
    both("apply_channel_shift", image, 31.5, channel_axis=2)
    for x in (image, image * 2 - 200, image[..., :1]):
        for scale in (True, False):
            both("random_brightness", x, (0.4, 1.6), scale)
            both("apply_brightness_shift", x, 0.7, scale)


def test_flip_axis(image):
    both("flip_axis", image, 1)
    both("flip_axis", image, 0)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("random_zoom", ([1],)),
        ("random_brightness", ([1],)),
        ("apply_affine_transform", (3, 0, 0, 0, 1, 1, 0, 0, 1)),
        ("apply_affine_transform", (3, 0, 0, 0, 1, 1, 0, 1, 3)),
        ("apply_affine_transform", (3, 0, 0, 0, 1, 1, 0, 2, 1)),
    ],
)
def test_errors(image, name, arguments):
    for module in (reference, ours):
        with pytest.raises(ValueError, match="."):
            getattr(module, name)(image, *arguments)


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "I;16", "P"])
@pytest.mark.parametrize("color_mode", ["rgb", "rgba", "grayscale"])
def test_load_img(tmp_path, mode, color_mode):
    draw = np.random.RandomState(3)
    if mode == "I;16":
        picture = Image.fromarray(draw.randint(0, 60000, (30, 41)).astype("uint16"))
    elif mode == "P":
        picture = Image.fromarray(draw.randint(0, 256, (30, 41, 3)).astype("uint8")).convert("P")
    else:
        shape = (30, 41) if mode == "L" else (30, 41, len(mode))
        picture = Image.fromarray(draw.randint(0, 256, shape).astype("uint8"))
    path = tmp_path / "a.png"
    picture.save(path)
    for size in (None, (16, 20)):
        for keep in (False, True):
            for method in ("nearest", "bilinear", "bicubic", "lanczos", "box", "hamming"):
                if mode == "I;16" and color_mode == "grayscale" and method != "nearest" and size:
                    continue  # some versions of Pillow do not resize this mode
                arguments = (color_mode, size, method, keep)
                for source in (path, str(path), os.fsencode(path)):
                    expected, found = THEIRS["load_img"](source, *arguments), ours.load_img(source, *arguments)
                    assert found.mode == expected.mode
                    np.testing.assert_array_equal(np.asarray(found), np.asarray(expected))
    np.testing.assert_array_equal(ours.load_img(io.BytesIO(path.read_bytes())), ours.load_img(path))


def test_load_img_errors(tmp_path):
    path = tmp_path / "a.png"
    Image.new("RGB", (8, 8)).save(path)
    for arguments in ((path, "bgr"), (path, "rgb", (4, 4), "cubic"), (3,), (tmp_path / "missing.png",)):
        with pytest.raises(Exception) as expected:  # noqa: B017
            THEIRS["load_img"](*arguments)
        with pytest.raises(type(expected.value)):
            ours.load_img(*arguments)


def test_arrays_and_images(image):
    for data_format in (None, "channels_first", "channels_last"):
        for channels in (1, 3, 4):
            x = np.concatenate([image, image], axis=2)[..., :channels]
            x = x.transpose(2, 0, 1) if data_format == "channels_first" else x
            for scale in (True, False):
                expected = THEIRS["array_to_img"](x, data_format, scale)
                found = ours.array_to_img(x, data_format, scale)
                assert found.mode == expected.mode
                np.testing.assert_array_equal(np.asarray(found), np.asarray(expected))
                for dtype in (None, "uint8"):
                    one = THEIRS["img_to_array"](expected, data_format, dtype)
                    two = ours.img_to_array(found, data_format, dtype)
                    assert one.dtype == two.dtype
                    np.testing.assert_array_equal(one, two)
    for bad in (image[0], image[..., :2]):
        with pytest.raises(ValueError):
            ours.array_to_img(bad)
    with pytest.raises(ValueError):
        ours.img_to_array(np.zeros((2, 2, 2, 2)))


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.bmp"])
def test_save_img(tmp_path, image, name):
    THEIRS["save_img"](tmp_path / name, image)
    ours.save_img(tmp_path / ("b" + name), image)
    assert (tmp_path / name).read_bytes() == (tmp_path / ("b" + name)).read_bytes()


def test_save_img_warns_that_jpeg_has_no_alpha(tmp_path, image):
    with pytest.warns(UserWarning, match="RGBA"):
        ours.save_img(tmp_path / "a.jpg", np.concatenate([image, image[..., :1]], axis=2))
    assert Image.open(tmp_path / "a.jpg").mode == "RGB"


def test_list_pictures(tmp_path):
    (tmp_path / "sub").mkdir()
    for name in ("a.png", "b.JPG", "sub/c.tiff", "d.txt", "epng"):
        (tmp_path / name).write_bytes(b"")
    assert sorted(ours.list_pictures(tmp_path)) == [str(tmp_path / n) for n in ("a.png", "b.JPG", "sub/c.tiff")]
    assert ours.list_pictures(str(tmp_path), ext="tiff") == [str(tmp_path / "sub" / "c.tiff")]


RESIZES = [("nearest", "channels_first"), *((name, "channels_last") for name in ("bilinear", "bicubic", "lanczos3"))]


@pytest.mark.parametrize(("method", "data_format"), RESIZES)
def test_smart_resize(image, method, data_format):
    # jax compiles once for each size and type.
    for x, sizes in ((image, [(8, 20), (30, 11)]), (np.stack([image, image / 2]).astype("uint8"), [(8, 20)])):
        x = np.moveaxis(x, -1, -3) if data_format == "channels_first" else x
        for size in sizes:
            expected = keras.preprocessing.image.smart_resize(x, size, method, data_format)
            found = ours.smart_resize(x, size, method, data_format)
            assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
            # The order of the sums differs, so the last bits differ.
            assert np.abs(found.astype("float64") - expected.astype("float64")).max() <= 1e-2


def test_smart_resize_errors(image):
    for arguments in ((image[0], (4, 4)), (image, (4,)), (image, (4, 4), "area")):
        with pytest.raises(ValueError):
            ours.smart_resize(*arguments)
    with pytest.raises(TypeError):
        ours.smart_resize(image, (4, 4), mode=1)


def test_import_paths():
    image = importlib.import_module("lade.keras.preprocessing.image")
    for name in image.NAMES:
        assert getattr(image, name) is getattr(ours, name)
    for name in ("affine_transformations", "dataframe_iterator", "image_data_generator", "iterator", "utils"):
        module = importlib.import_module("lade.keras.preprocessing.image." + name)
        assert all(getattr(module, public) is getattr(ours, public) for public in module.__all__)
    names = {}
    exec("from lade.keras.preprocessing.image import *", names)
    assert names["np"] is np and names["ImageDataGenerator"] is ours.ImageDataGenerator
    assert ours.utils.load_img is ours.load_img
    assert issubclass(ours.Iterator, ours.utils.Sequence)


def test_install_and_uninstall():
    module = keras.preprocessing.image
    before = (dict(vars(module)), dict(vars(reference)), dict(vars(keras.Model)))
    ours.install()
    ours.install()
    try:
        assert module.ImageDataGenerator is ours.ImageDataGenerator
        assert reference.DirectoryIterator is ours.DirectoryIterator
        assert module.load_img is THEIRS["load_img"]
        assert module.random_zoom is ours.random_zoom
        iterator = importlib.import_module("keras_preprocessing.image.iterator")
        assert iterator.Iterator is ours.Iterator
    finally:
        ours.uninstall()
    assert (dict(vars(module)), dict(vars(reference)), dict(vars(keras.Model))) == before
    assert "keras_preprocessing" not in sys.modules
    ours.uninstall()


def test_generator_methods_of_models(installed, image):
    model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.stack([image / 255] * 10), np.zeros(10)
    flow = keras.preprocessing.image.ImageDataGenerator().flow(x, y, batch_size=4, shuffle=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        history = model.fit_generator(
            flow, steps_per_epoch=10 / 4, epochs=2, verbose=0, validation_data=flow, workers=2, max_queue_size=3
        )
    assert len(history.history["val_loss"]) == 2
    assert (flow.workers, flow.max_queue_size) == (2, 3)
    assert model.predict_generator(flow, steps=len(flow)).shape == (10, 1)
    assert np.isfinite(model.evaluate_generator(flow, workers=1))

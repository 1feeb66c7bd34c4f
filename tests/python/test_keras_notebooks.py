"""Runs parts of typical notebooks with Keras and with lade.keras, and compares arrays, names and printed lines."""

import math
import os
import types

import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "jax")
Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
pytest.importorskip("scipy.ndimage", reason="SciPy is not installed")
keras = pytest.importorskip("keras", reason="Keras is not installed")
legacy = pytest.importorskip("keras.src.legacy.preprocessing.image", reason="this Keras has no ImageDataGenerator")

import lade.keras.preprocessing.image as ours  # noqa: E402

THEIRS = types.SimpleNamespace(
    **{name: getattr(legacy, name) for name in ours.NAMES if hasattr(legacy, name)},
    **{name: getattr(keras.utils, name) for name in ("load_img", "img_to_array", "array_to_img", "save_img")},
)
SIZE = (24, 32)


def flatten(value):
    if isinstance(value, (tuple, list)):
        return [part for item in value for part in flatten(item)]
    return [value]


def compare(run, capsys, *arguments):
    """Call `run` with the module of Keras and with that of lade, with the same state of numpy.random."""
    results = []
    for module in (THEIRS, ours):
        np.random.seed(11)
        values = flatten(run(module, *arguments))
        results.append((values, capsys.readouterr().out, np.random.uniform()))
    (expected, printed, drawn), (found, also_printed, also_drawn) = results
    assert also_printed == printed
    assert also_drawn == drawn
    assert len(found) == len(expected)
    for one, two in zip(expected, found, strict=True):
        if isinstance(one, np.ndarray):
            assert (one.shape, one.dtype) == (two.shape, two.dtype)
            limit = max(1.0, float(np.abs(one).max(initial=0))) / 255 if one.dtype.kind == "f" else 1
            np.testing.assert_allclose(two.astype("float64"), one.astype("float64"), rtol=0, atol=limit * 1.001)
        else:
            assert two == one


def first_tutorial(m, photos):
    train = m.ImageDataGenerator(rescale=1.0 / 255, shear_range=0.2, zoom_range=0.2, horizontal_flip=True)
    test = m.ImageDataGenerator(rescale=1.0 / 255)
    one = train.flow_from_directory(photos / "train", target_size=SIZE, batch_size=4, class_mode="binary", seed=1)
    two = test.flow_from_directory(photos / "test", target_size=SIZE, batch_size=4, class_mode="binary", seed=1)
    print(one.samples // one.batch_size, two.samples / two.batch_size, one.image_shape, one.num_classes)
    return [next(one) for _ in range(5)] + [two[i] for i in range(len(two))]


def own_preprocessing(m, photos):
    def preprocess(x):
        return x[..., ::-1] - np.array([103.939, 116.779, 123.68], "float32")

    flow = m.ImageDataGenerator(preprocessing_function=preprocess, rotation_range=20).flow_from_directory(
        photos / "train", target_size=SIZE, batch_size=5, class_mode="categorical", seed=3
    )
    return [next(flow) for _ in range(3)]


def report(m, photos):
    flow = m.ImageDataGenerator().flow_from_directory(photos / "test", SIZE, batch_size=4, shuffle=False)
    next(flow), next(flow)
    flow.reset()
    rows = np.concatenate([next(flow)[0].mean((1, 2)) for _ in range(len(flow))])
    return rows, flow.classes, flow.class_indices, list(flow.class_indices), flow.filenames


def submission(m, photos):
    generator = m.ImageDataGenerator()
    one = generator.flow_from_directory(photos, classes=["test"], target_size=SIZE, class_mode=None, shuffle=False)
    flat = photos / "test" / "cats"
    two = generator.flow_from_directory(flat, SIZE, classes=["."], class_mode=None, shuffle=False)
    ids = [os.path.basename(name).split(".")[1] for name in one.filenames]
    return next(one), next(two), ids, two.filenames


def bottleneck(m, photos):
    flow = m.ImageDataGenerator(rescale=1.0 / 255).flow_from_directory(
        photos / "train", target_size=SIZE, batch_size=5, class_mode=None, shuffle=False
    )
    return [next(flow) for _ in range(math.ceil(flow.n / flow.batch_size))]


def cifar(m, arrays):
    x, y = arrays
    plain = m.ImageDataGenerator(
        featurewise_center=False, samplewise_center=False, featurewise_std_normalization=False, zca_whitening=False,
        samplewise_std_normalization=False, rotation_range=0, width_shift_range=0.1, height_shift_range=0.1,
        horizontal_flip=True, vertical_flip=False,
    )  # fmt: skip
    plain.fit(x)
    whole = m.ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True)
    whole.fit(x)
    one, two = plain.flow(x, y, batch_size=8), whole.flow(x, y, batch_size=8, seed=2)
    return [next(one) for _ in range(4)], [next(two) for _ in range(4)], whole.mean, whole.std


def twenty_copies(m, photos, tmp_path):
    folder = tmp_path / m.__class__.__name__
    folder.mkdir()
    x = m.img_to_array(m.load_img(photos / "train" / "cats" / "cats.0.png"))
    x = x.reshape((1, *x.shape))
    for i, _ in enumerate(
        m.ImageDataGenerator(rotation_range=40).flow(x, save_to_dir=folder, save_prefix="cat", save_format="png")
    ):
        if i >= 19:
            break
    names = sorted(os.listdir(folder))
    return names, [np.asarray(Image.open(folder / name)) for name in names]


def nine_panels(m, arrays):
    results = []
    for options in (
        {"width_shift_range": [-20, 20]}, {"height_shift_range": 0.5}, {"brightness_range": [0.2, 1.0]},
        {"zoom_range": [0.5, 1.0]}, {"horizontal_flip": True}, {"rotation_range": 90},
    ):  # fmt: skip
        flow = m.ImageDataGenerator(**options).flow(arrays[0][:1], batch_size=1)
        results += [next(flow)[0].astype("uint8") for _ in range(9)]
    return results


def image_and_mask(m, photos):
    arguments = {"rotation_range": 30, "zoom_range": 0.1, "horizontal_flip": True}
    common = {"class_mode": None, "target_size": SIZE, "batch_size": 4, "seed": 1}
    images = m.ImageDataGenerator(**arguments).flow_from_directory(photos / "train", **common)
    masks = m.ImageDataGenerator(**arguments).flow_from_directory(photos / "mask", color_mode="grayscale", **common)
    pairs = zip(images, masks, strict=True)
    return [next(pairs) for _ in range(10)]


def validation_split(m, photos):
    common = {"target_size": SIZE, "batch_size": 4, "seed": 5}
    both = m.ImageDataGenerator(validation_split=0.3, rotation_range=10)
    plain = m.ImageDataGenerator(validation_split=0.3)
    one = both.flow_from_directory(photos / "train", subset="training", **common)
    two = plain.flow_from_directory(photos / "train", subset="validation", **common)
    return one.filenames, two.filenames, [next(one) for _ in range(4)], [next(two) for _ in range(2)]


def crops_by_wrapper(m, photos):
    def crop(flow):
        while True:
            x, y = next(flow)
            top, left = np.random.randint(0, 8, 2)
            yield x[:, top : top + 16, left : left + 16], y

    flow = m.ImageDataGenerator(horizontal_flip=True).flow_from_directory(photos / "train", SIZE, batch_size=4, seed=8)
    wrapped = crop(flow)
    return [next(wrapped) for _ in range(6)]


def functions(m, photos):
    def erase(x):
        top, left = np.random.randint(0, 10, 2)
        x[top : top + 5, left : left + 5] = np.random.uniform(0, 255)
        return x

    results = []
    for function in (erase, lambda x: x.astype("uint8"), lambda x: 255 - x):
        generator = m.ImageDataGenerator(preprocessing_function=function, rotation_range=15, zoom_range=0.1)
        flow = generator.flow_from_directory(photos / "train", SIZE, batch_size=4, seed=9)
        results += [next(flow) for _ in range(5)]
    return results


def transforms_by_hand(m, arrays):
    generator = m.ImageDataGenerator(rotation_range=20, zoom_range=0.2, samplewise_center=True, channel_shift_range=20)
    change = generator.get_random_transform(arrays[0][0].shape, seed=4)
    frames = [generator.apply_transform(x, change) for x in arrays[0][:3]]
    return sorted(change), frames, [generator.standardize(generator.random_transform(x)) for x in arrays[0][:3].copy()]


def subclasses(m, photos):
    class Named(m.DirectoryIterator):
        def _get_batches_of_transformed_samples(self, index_array):
            batch = super()._get_batches_of_transformed_samples(index_array)
            return (*batch, [self.filenames[i] for i in index_array])

    class Noisy(m.ImageDataGenerator):
        def standardize(self, x):
            return super().standardize(x) + np.random.normal(size=x.shape).astype("float32")

    one = Named(photos / "train", m.ImageDataGenerator(), target_size=SIZE, batch_size=4, seed=1)
    two = Noisy(rotation_range=9).flow_from_directory(photos / "train", SIZE, batch_size=4, seed=1)
    return [next(one) for _ in range(4)], [next(two) for _ in range(4)]


def state(m, photos):
    generator = m.ImageDataGenerator(rotation_range=30)
    flow = generator.flow_from_directory(photos / "train", SIZE, batch_size=4, seed=1)
    results = [next(flow), flow.batch_index, flow.total_batches_seen, list(flow.index_array)]
    generator.rotation_range = 0
    results += [next(flow), flow[1]]
    flow.shuffle, flow.index_array, flow.batch_size = False, None, 1
    flow.reset()
    results += [next(flow), flow.batch_index, len(flow), list(flow.index_array)]
    with pytest.raises(ValueError):
        flow[len(flow)]
    flow.class_mode = "sparse"
    return [*results, next(flow), flow.total_batches_seen]


def table(m, photos):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    names = [f"{name}/{name}.{i}.png" for name in ("cats", "dogs") for i in range(5)]
    labels = [name[:3] for name in names]
    frame = pandas.DataFrame({"file": [*names, "no.png"], "label": [*labels, "cat"], "w": np.arange(11.0)})
    generator = m.ImageDataGenerator(validation_split=0.4, horizontal_flip=True)
    common = {"directory": photos / "train", "x_col": "file", "target_size": SIZE, "batch_size": 3, "seed": 2}
    with pytest.warns(UserWarning) as warned:
        one = generator.flow_from_dataframe(frame, y_col="label", weight_col="w", subset="training", **common)
        two = generator.flow_from_dataframe(frame, y_col=["w", "w"], class_mode="raw", **common)
    texts = [str(w.message) for w in warned if "invalid image" in str(w.message)]
    return texts, [next(one) for _ in range(3)], [next(two) for _ in range(4)], list(one.classes), one.filenames


@pytest.mark.parametrize(
    "run",
    [
        first_tutorial, own_preprocessing, report, submission, bottleneck, image_and_mask, validation_split,
        crops_by_wrapper, functions, subclasses, state, table,
    ],
)  # fmt: skip
def test_notebooks_with_folders(run, capsys, photos):
    compare(run, capsys, photos)


@pytest.mark.parametrize("run", [cifar, nine_panels, transforms_by_hand])
def test_notebooks_with_arrays(run, capsys, arrays):
    compare(run, capsys, arrays)


def test_notebook_that_saves_copies(capsys, photos, tmp_path):
    compare(twenty_copies, capsys, photos, tmp_path)

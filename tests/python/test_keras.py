"""The iterators of lade.keras: their attributes, functions of the user, subclasses, threads, pickles and messages."""

import os
import pickle
import random
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "jax")
reference = pytest.importorskip("keras.src.legacy.preprocessing.image", reason="Keras is not installed")
pytest.importorskip("scipy.ndimage", reason="SciPy is not installed")
pytest.importorskip("PIL.Image", reason="Pillow is not installed")

import lade.keras  # noqa: E402

BOTH = (reference, lade.keras)
CHANGES = {"rotation_range": 30, "zoom_range": 0.2, "horizontal_flip": True, "width_shift_range": 0.2, "rescale": 1 / 255}
FLOW = {"target_size": (12, 15), "batch_size": 4, "class_mode": "sparse", "seed": 5}


def assert_same(one, other, limit=1.05 / 255):
    one, other = ([part] if isinstance(part, np.ndarray) else list(part) for part in (one, other))
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        if isinstance(a, list):
            assert_same(a, b, limit)
            continue
        assert a.dtype == b.dtype and a.shape == b.shape
        if a.dtype.kind in "iuf":
            assert np.abs(a.astype(float) - b).max(initial=0) <= (limit if a.ndim == 4 else 0)
        else:
            assert (a == b).all()


def both(use, *arguments):
    """Call `use` with Keras and with lade, from the same state of numpy.random, and compare the results."""
    results = []
    for module in BOTH:
        np.random.seed(3)
        random.seed(3)
        results.append((use(module, *arguments), np.random.get_state()[1].tolist()))
    (theirs, state), (ours, our_state) = results
    assert len(theirs) == len(ours) and state == our_state
    for a, b in zip(theirs, ours, strict=True):
        assert_same(a, b)


def noisy(x):
    x += np.random.normal(0, 3, x.shape)
    return x


FUNCTIONS = {
    "in place": lambda x: np.multiply(x, 0.5, out=x),
    "reversed channels": lambda x: x[..., ::-1],
    "draws": noisy,
    "draws for some images": lambda x: noisy(x) if x[0, 0, 0] > 100 else x,
    "draws one uniform": lambda x: x * (1 + (np.random.rand() < 0.5)),
    "random of Python": lambda x: x + random.random(),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("seed", [None, 4])
def test_functions_of_the_user(tree, name, seed):
    def use(module):
        generator = module.ImageDataGenerator(**CHANGES, preprocessing_function=FUNCTIONS[name])
        iterator = generator.flow_from_directory(tree, **{**FLOW, "seed": seed})
        return [next(iterator) for _ in range(10)] + [iterator[i] for i in range(3)]

    both(use)


def test_numbers_that_the_program_draws_between_batches(tree):
    def use(module):
        iterator = module.ImageDataGenerator(**CHANGES).flow_from_directory(tree, **{**FLOW, "seed": None})
        batches = []
        for k in range(20):
            batches.append(next(iterator))
            if k % 3 == 0:
                batches.append((np.random.rand(4),))
        return batches

    both(use)


def test_attributes_can_be_changed(tree):
    def use(module):
        generator = module.ImageDataGenerator(**CHANGES)
        it = generator.flow_from_directory(tree, **FLOW)
        batches = [next(it), next(it)]
        it.batch_size = 7
        batches.append(next(it))
        it.shuffle, it.index_array, it.batch_size = False, None, 1
        it.reset()
        batches.append(next(it))
        generator.rotation_range, generator.rescale = 0, None
        batches += [next(it), it[3], it[-1]]
        it.class_mode, it.seed = "categorical", None
        batches += [next(it), next(it)]
        it._filepaths.reverse()
        it.classes = it.classes[::-1]
        batches += [next(it), it[2]]
        it._filepaths += it._filepaths[:5]
        it.filenames += it.filenames[:5]
        it.classes = np.append(it.classes, it.classes[:5])
        it.n = it.samples = len(it.filenames)
        it.target_size, it.image_shape = (20, 9), (20, 9, 3)
        it._set_index_array()
        batches += [it._get_batches_of_transformed_samples(np.array([34, 3, 3]))]
        return [*batches, (np.array([it.batch_index, it.total_batches_seen, len(it)]),)]

    both(use)


def test_an_index_past_the_end_is_an_error(tree):
    it = lade.keras.ImageDataGenerator().flow_from_directory(tree, **FLOW)
    with pytest.raises(ValueError, match="8"):
        it[len(it)]


@pytest.mark.parametrize("name", ["random_transform", "standardize", "apply_transform", "get_random_transform"])
def test_subclasses_of_the_generator(tree, name):
    def use(module):
        class Changed(module.ImageDataGenerator):
            pass

        def change(self, *arguments, **keywords):
            result = getattr(super(Changed, self), name)(*arguments, **keywords)
            if name == "get_random_transform":
                return {"theta": np.random.uniform(0, 90), "flip_vertical": True}
            return result + np.random.rand()

        setattr(Changed, name, change)
        it = Changed(**CHANGES).flow_from_directory(tree, **FLOW)
        return [next(it) for _ in range(9)]

    both(use)


def test_subclasses_of_the_iterator(tree):
    def use(module):
        class Named(module.DirectoryIterator):
            def _get_batches_of_transformed_samples(self, index_array):
                x, y = super()._get_batches_of_transformed_samples(index_array)
                return x + np.random.rand(), y, np.array([self.filenames[j] for j in index_array])

        class Balanced(module.DirectoryIterator):
            def _flow_index(self):
                while True:
                    yield np.random.randint(0, self.n, 3)

        class Own(module.DirectoryIterator):
            def __next__(self):
                with self.lock:
                    index_array = next(self.index_generator)
                return self._get_batches_of_transformed_samples(index_array[:2])

        batches = []
        for kind in (Named, Balanced, Own):
            it = kind(tree, module.ImageDataGenerator(**CHANGES), **FLOW)
            batches += [next(it) for _ in range(9)]
        return batches

    both(use)


@pytest.mark.parametrize("dtype", ["uint8", "float32", "fraction", "int64"])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_arrays(dtype, data_format):
    x = np.random.RandomState(0).randint(0, 256, (11, 9, 8, 3) if data_format == "channels_last" else (11, 3, 9, 8))
    x = (x / 255).astype("float32") if dtype == "fraction" else x.astype(dtype)
    y, weights = np.arange(11) % 2, np.linspace(0, 1, 11)

    def use(module):
        generator = module.ImageDataGenerator(**CHANGES, data_format=data_format, validation_split=0.4)
        it = generator.flow(x, y, batch_size=4, seed=2, sample_weight=weights)
        other = generator.flow((x, [y, weights]), y, batch_size=50, subset="training")
        plain = module.ImageDataGenerator(data_format=data_format).flow(x, batch_size=5, shuffle=False)
        return [next(it) for _ in range(7)] + [it[1], next(other)] + [next(plain) for _ in range(3)]

    both(use)


def test_statistics():
    x = np.random.RandomState(0).randint(0, 256, (8, 5, 4, 3)).astype("float32")

    def use(module):
        batches = []
        for options in ({"featurewise_center": True}, {"featurewise_std_normalization": True}, {"zca_whitening": True}):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                generator = module.ImageDataGenerator(**options, rescale=1 / 255, rotation_range=20)
            generator.fit(x, augment=True, rounds=2, seed=1)
            it = generator.flow(x, batch_size=3, seed=1)
            batches += [next(it), next(it)]
        return batches

    both(use)


def test_tables(tree):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    names = [f"{c}/{i:03}.ppm" for c in ("ant", "bee", "cat") for i in range(10)]
    table = pandas.DataFrame({
        "filename": [*names, "ant/missing.ppm"],
        "class": [name[:3] for name in names] + ["ant"],
        "several": [[name[:3], "even"] if int(name[4:7]) % 2 == 0 else [name[:3]] for name in names] + [["ant"]],
        "a": np.arange(31.0),
        "b": np.arange(31) * 2,
        "weight": np.linspace(0, 1, 31),
    })  # fmt: skip

    def use(module):
        generator, batches = module.ImageDataGenerator(**CHANGES, validation_split=0.3), []
        for options in (
            {"class_mode": "categorical", "weight_col": "weight"},
            {"class_mode": "categorical", "y_col": "several"},
            {"class_mode": "sparse", "classes": ["cat", "ant"]},
            {"class_mode": "raw", "y_col": ["a", "b"], "subset": "validation"},
            {"class_mode": "multi_output", "y_col": ["a", "b"], "subset": "training"},
            {"class_mode": None, "rescale": 3, "unknown": 1},
        ):
            with pytest.warns(UserWarning, match="Found 1 invalid image filename"):
                it = generator.flow_from_dataframe(table, tree, **{**FLOW, **options})
            batches += [next(it), it[1]]
        return batches

    both(use)
    with pytest.raises(KeyError, match="weight"):
        lade.keras.ImageDataGenerator().flow_from_dataframe(table, tree, y_col="label")


def test_an_iterator_that_is_filled_by_the_program(tree):
    it = lade.keras.ImageDataGenerator().flow_from_directory(tree / "ant", class_mode="sparse", target_size=(12, 12))
    it.filenames = [str(tree / "bee" / f"{i:03}.ppm") for i in range(10)]
    it.directory, it.samples, it.n = "", 10, 10
    it.classes = np.arange(20.0).reshape(10, 2)
    it._set_index_array()
    x, y = next(it)
    assert x.shape == (10, 12, 12, 3) and y.shape == (10, 2) and (y[:, 0] == 2 * it.index_array).all()


def test_saved_images(tree, tmp_path):
    for module, place in zip(BOTH, (tmp_path / "theirs", tmp_path / "ours"), strict=True):
        place.mkdir()
        options = {**FLOW, "save_to_dir": place, "save_prefix": "a", "save_format": "png"}
        it = module.ImageDataGenerator(rescale=0.5, horizontal_flip=True).flow_from_directory(tree, **options)
        next(it), next(it)
        next(module.ImageDataGenerator().flow(np.full((1, 4, 4, 3), 9.0), seed=1, save_to_dir=place))
    theirs, ours = (sorted((tmp_path / name).iterdir()) for name in ("theirs", "ours"))
    assert [p.name for p in theirs] == [p.name for p in ours] and len(ours) == 9
    assert all(a.read_bytes() == b.read_bytes() for a, b in zip(theirs, ours, strict=True))


def test_threads_get_the_batches_of_one_thread(tree):
    def make():
        return lade.keras.ImageDataGenerator(**CHANGES).flow_from_directory(tree, **FLOW)

    one, many = make(), make()
    for _ in range(3):
        expected = [one[i] for i in range(len(one))]
        with ThreadPoolExecutor(8) as pool:
            actual = list(pool.map(many.__getitem__, range(len(many))))
        for a, b in zip(expected, actual, strict=True):
            assert_same(a, b, 0)
        for it in (one, many):
            np.random.seed(9)
            it.on_epoch_end()
    one, many = make(), make()
    expected = [next(one) for _ in range(24)]
    with ThreadPoolExecutor(8) as pool:
        actual = list(pool.map(lambda _: next(many), range(24)))
    digest = lambda batch: (batch[0].tobytes(), batch[1].tobytes())  # noqa: E731
    assert sorted(map(digest, expected)) == sorted(map(digest, actual))


def test_one_other_thread_may_use_any_order(tree):
    def use(module):
        it, batches = module.ImageDataGenerator(**CHANGES).flow_from_directory(tree, **FLOW), []
        thread = threading.Thread(target=lambda: batches.extend(it[i] for i in (5, 2, 7, 0, 0)))
        thread.start()
        thread.join()
        return batches

    both(use)


def test_making_an_iterator_starts_no_thread(tree):
    before = threading.active_count(), len(os.listdir("/proc/self/task"))
    it = lade.keras.ImageDataGenerator().flow_from_directory(tree, **FLOW)
    assert (threading.active_count(), len(os.listdir("/proc/self/task"))) == before
    assert next(it)[0].flags.writeable


def test_batches_belong_to_the_program(tree):
    it = lade.keras.ImageDataGenerator().flow_from_directory(tree, **{**FLOW, "shuffle": False})
    batches = [next(it) for _ in range(30)]
    copies = [x.copy() for x, _ in batches]
    batches[8][0][:] = 0
    assert (next(it)[0] >= 0).all()
    assert all((x == c).all() for k, ((x, _), c) in enumerate(zip(batches, copies, strict=True)) if k != 8)


def test_pickles(tree):
    it = lade.keras.ImageDataGenerator(**CHANGES).flow_from_directory(tree, **FLOW)
    next(it), next(it)
    copy = pickle.loads(pickle.dumps(it))
    assert (copy.batch_index, copy.total_batches_seen, copy.filenames) == (2, 2, it.filenames)
    for _ in range(10):
        assert_same(next(it), next(copy), 0)


def test_a_model_trains_predicts_and_evaluates(tree):
    import keras

    results = []
    for module in BOTH:
        keras.utils.set_random_seed(1)
        generator = module.ImageDataGenerator(**CHANGES)
        it = generator.flow_from_directory(tree, **FLOW)
        model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")])
        model.compile("sgd", "sparse_categorical_crossentropy")
        history = model.fit(it, epochs=2, verbose=0, validation_data=generator.flow_from_directory(tree, **FLOW))
        plain = module.ImageDataGenerator(rescale=1 / 255).flow_from_directory(tree, **{**FLOW, "shuffle": False})
        results.append((history.history["loss"], history.history["val_loss"], model.evaluate(plain, verbose=0), model.predict(plain, verbose=0)))
    for a, b in zip(*results, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3)
    assert results[1][3].shape == (30, 3)


def test_messages(tree, tmp_path):
    generator = lade.keras.ImageDataGenerator()
    with pytest.raises(FileNotFoundError, match="nowhere"):
        generator.flow_from_directory(tmp_path / "nowhere")
    with pytest.warns(UserWarning, match="3 classes"):
        generator.flow_from_directory(tree, class_mode="binary")
    with pytest.warns(UserWarning, match="000.ppm"):
        generator.flow_from_directory(tree / "ant")
    with pytest.raises(TypeError, match="rotation"):
        generator.flow_from_directory(tree, rotation=3)
    assert generator.flow_from_directory(tree, workers=4, max_queue_size=3).workers == 4


def test_memory_does_not_grow(tree):
    def resident():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    it = lade.keras.ImageDataGenerator(**CHANGES).flow_from_directory(tree, **FLOW)
    for _ in range(100):
        next(it)
    before = resident()
    for _ in range(1000):
        next(it)
    assert resident() - before < 4 << 20


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_forked_child_uses_the_iterator(tree):
    it = lade.keras.ImageDataGenerator(**CHANGES).flow_from_directory(tree, **FLOW)
    next(it), next(it)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jax warns about threads
        child = os.fork()
    if child == 0:
        os._exit(0 if next(it)[0].shape == it[2][0].shape == (4, 12, 15, 3) else 1)
    assert os.waitpid(child, 0)[1] == 0 and next(it)[0].shape == (4, 12, 15, 3)


def test_replaced_load_img(tree, monkeypatch):
    it = lade.keras.ImageDataGenerator().flow_from_directory(tree, **{**FLOW, "interpolation": "lanczos:center"})
    seen = []

    def load_img(path, interpolation="nearest", **keywords):
        seen.append(interpolation)
        return lade.keras._pictures.load_img(path, **keywords)

    monkeypatch.setattr(lade.keras, "load_img", load_img, raising=False)
    assert next(it)[0].shape == (4, 12, 15, 3) and seen == ["lanczos:center"] * 4

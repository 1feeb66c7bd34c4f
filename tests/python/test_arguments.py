"""Sources of flows: paths, arrays, CSV files, sequences. The message about an invalid argument contains the name of the
argument and the allowed values."""

import os
import pathlib
import sys

import lade
import numpy as np
import pytest
from conftest import write_image, write_tree


@pytest.mark.parametrize("convert", [str, os.fsencode, pathlib.Path, lambda p: pathlib.PurePath(p)])
def test_kinds_of_paths(tree, convert):
    flow = lade.flow_from_directory(convert(str(tree)), target_size=8)
    assert flow.samples == 30 and flow.class_indices == {"ant": 0, "bee": 1, "cat": 2}
    assert flow.filenames[0] == "ant/000.ppm" and flow.filename(29) == "cat/009.ppm"
    assert flow.classes.numpy().tolist() == [0] * 10 + [1] * 10 + [2] * 10
    assert flow.class_counts == [10, 10, 10]
    paths = [convert(str(tree / name)) for name in flow.filenames]
    again = lade.flow_from_paths(paths, target_size=8)
    assert again.samples == 30 and next(again).y is None
    with pytest.raises(IndexError):
        flow.filename(30)


def test_names_that_are_not_utf8(tmp_path):
    folder = os.fsencode(tmp_path) + b"/\xff\xfe"
    os.mkdir(folder)
    write_image(pathlib.Path(os.fsdecode(folder + b"/\x80 a.ppm")), 1)
    (tmp_path / "é").mkdir()
    write_image(tmp_path / "é" / "1.ppm", 1)
    flow = lade.flow_from_directory(tmp_path, target_size=8)
    assert flow.class_names == ["é", "\udcff\udcfe"]
    assert flow.filenames == ["é/1.ppm", "\udcff\udcfe/\udc80 a.ppm"]
    chosen = lade.flow_from_directory(tmp_path, classes=["\udcff\udcfe"], target_size=8)
    assert chosen.samples == 1
    whole = lade.flow_from_paths([os.fsdecode(folder)], target_size=8)
    assert next(whole).n == 1
    missing = os.fsdecode(os.fsencode(tmp_path) + b"/\xfd")
    with pytest.raises(FileNotFoundError) as caught:
        lade.flow_from_directory(missing)
    assert caught.value.subject == missing


@pytest.mark.parametrize(
    ("path", "kind"),
    [("missing", FileNotFoundError), ("file", ValueError), ("empty", FileNotFoundError), ("a\0b", ValueError), (3, TypeError),
     (None, TypeError), (["a"], TypeError)],
)  # fmt: skip
def test_bad_directories(tmp_path, path, kind):
    (tmp_path / "file").write_text("text")
    (tmp_path / "empty").mkdir()
    path = str(tmp_path / path) if isinstance(path, str) else path
    with pytest.raises(kind) as caught:
        lade.flow_from_directory(path)
    assert str(caught.value)
    if isinstance(caught.value, lade.Error):
        assert caught.value.subject


@pytest.mark.skipif(os.getuid() == 0, reason="root may read every directory")
def test_a_directory_without_permission(tmp_path):
    write_tree(tmp_path / "t")
    (tmp_path / "t").chmod(0)
    try:
        with pytest.raises(PermissionError):
            lade.flow_from_directory(tmp_path / "t")
    finally:
        (tmp_path / "t").chmod(0o700)


def test_errors_are_both_kinds(tmp_path):
    with pytest.raises(lade.Error) as caught:
        lade.flow_from_directory(tmp_path / "missing")
    error = caught.value
    assert isinstance(error, FileNotFoundError) and isinstance(error, OSError)
    assert error.status == "LADE_ENOENT" and error.subject == str(tmp_path / "missing") and error.subject in str(error)
    import pickle

    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error) and str(copy) == str(error) and copy.subject == error.subject


def test_csv(tree, tmp_path):
    rows = ["filename,class,w,a,b"] + [f"{c}/{i:03}.ppm,{c},{i},{i},{-i}" for c in ("cat", "ant") for i in range(5)]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(rows))
    options = {"directory": tree, "target_size": 8, "order": "sorted"}
    flow = lade.flow_from_csv(path, weight_col="w", class_mode="sparse", **options)
    x, y, weight = next(flow)
    assert flow.class_names == ["ant", "cat"] and y.numpy().ravel().tolist() == [1] * 5 + [0] * 5
    assert weight.numpy().tolist() == [0, 1, 2, 3, 4] * 2
    raw = lade.flow_from_csv(path, y_col=["a", "b"], class_mode="raw", **options)
    assert next(raw).y.numpy()[2].tolist() == [2, -2]
    with pytest.raises(ValueError, match="nope") as caught:
        lade.flow_from_csv(path, x_col="nope", **options)
    assert caught.value.subject == "x_col"
    path.write_text("filename,class\na.png\n")
    with pytest.raises(ValueError, match=":2:"):
        lade.flow_from_csv(path)
    with pytest.raises(ValueError, match="label_separator"):
        lade.flow_from_csv(path, label_separator="ab")


# ---- Arrays ------------------------------------------------------------------------------------------------------------

PIXELS = np.arange(10 * 4 * 5 * 3, dtype=np.uint8).reshape(10, 4, 5, 3)


@pytest.mark.parametrize("kind", ["int8", "uint8", "int16", "int32", "int64", "uint64", "float32", "float64", "bool"])
def test_labels_of_every_type(kind):
    y = (np.arange(10) % 2).astype(kind)
    flow = lade.flow_from_arrays(PIXELS, y, class_mode="sparse", order="sorted")
    x, labels = next(flow)
    assert (x.numpy() == PIXELS).all() and labels.numpy().ravel().tolist() == y.tolist()


def test_float_images_and_read_only_arrays():
    x = np.linspace(0, 1, PIXELS.size, dtype=np.float32).reshape(PIXELS.shape)
    x.flags.writeable = False
    batch = next(lade.flow_from_arrays(x, order="sorted"))
    assert (batch.x.numpy() == x).all() and batch.y is None
    memory = memoryview(PIXELS.tobytes()).cast("B", PIXELS.shape)
    assert (next(lade.flow_from_arrays(memory, order="sorted")).x.numpy() == PIXELS).all()


def test_the_array_lives_as_long_as_the_flow():
    x = PIXELS.copy()
    count = sys.getrefcount(x)
    flow = lade.flow_from_arrays(x)
    next(flow)
    assert sys.getrefcount(x) > count
    flow.close()
    assert sys.getrefcount(x) == count


@pytest.mark.parametrize(
    ("x", "y", "name"),
    [
        (PIXELS[:, :, ::2], None, "x"), (PIXELS.transpose(0, 2, 1, 3), None, "x"), (np.asfortranarray(PIXELS), None, "x"),
        (PIXELS.astype(">f4"), None, "x"), (PIXELS.astype("f8"), None, "x"), (PIXELS.astype(complex), None, "x"),
        (PIXELS.astype("f2"), None, "x"), (PIXELS[0], None, "x"), (PIXELS[:0], None, "x"), (PIXELS[..., :2], None, "x"),
        (PIXELS.astype(object), None, "x"), (PIXELS.astype("U1"), None, "x"), ("text", None, "x"), (None, None, "x"),
        ([[1, 2]], None, "x"), (PIXELS, np.arange(9), "y"), (PIXELS, np.zeros((10, 3)), "y"), (PIXELS, ["a"] * 10, "y"),
        (PIXELS, np.arange(10).astype(">i8"), "y"), (PIXELS, np.arange(20)[::2], "y"), (PIXELS, -np.arange(10), "y"),
        (PIXELS, np.arange(10) + 0.5, "y"), (np.zeros((1,) * 9, np.uint8), None, "x"),
    ],
)  # fmt: skip
def test_bad_arrays(x, y, name):
    with pytest.raises(ValueError, match=name) as caught:
        lade.flow_from_arrays(x, y)
    assert caught.value.subject == name and len(str(caught.value)) > 10


def test_bad_weights():
    for weight in (np.arange(9), np.arange(10) - 1, np.arange(20)[::2], np.ones((10, 2))):
        with pytest.raises(ValueError) as caught:
            lade.flow_from_arrays(PIXELS, np.arange(10), sample_weight=weight)
        assert caught.value.subject == "sample_weight"


def test_an_unknown_option_is_compared_with_the_known_names(tree):
    with pytest.raises(TypeError, match="did you mean 'target_size'"):
        lade.flow_from_directory(tree, tarjet_size=8)
    with pytest.raises(TypeError, match="no option 'x'$"):
        lade.flow_from_directory(tree, x=8)


def test_labels_and_weights_can_be_lists():
    flow = lade.flow_from_arrays(np.zeros((3, 2, 2, 3), np.uint8), [2, 0, 1], sample_weight=(1, 2.5, 0), order="sorted")
    _, y, weight = next(flow)
    assert y.numpy().argmax(1).tolist() == [2, 0, 1] and weight.numpy().tolist() == [1, 2.5, 0]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: lade.Net("dense 3", 4), "source"), (lambda: lade.Net(3, (4,)), "spec"), (lambda: lade.show(3), "shape"),
        (lambda: lade.Net("dense 3", (4,)).fit(3), "source"), (lambda: lade.flow_from_sequence(iter([1])), "sequence"),
    ],
)  # fmt: skip
def test_wrong_types_name_the_argument(call, text):
    with pytest.raises(TypeError, match=text):
        call()


def test_messages_name_functions_of_python(tree):
    flow = lade.flow_from_directory(tree, target_size=8, featurewise_center=True)
    with pytest.raises(lade.StateError, match=r"Flow\.fit\(\)"):
        next(flow)
    with pytest.raises(lade.DataError, match=r"Flow\.state_dict\(\)"):
        flow.load_state_dict({})
    with pytest.raises(lade.OptionError, match="one dimension"):
        lade.Net("dense 3", (4,)).predict(np.zeros(3))

"""Data frames, scans and sample data."""

import lade
import numpy as np
import pytest


class Frame:
    """A table with the interface that pandas and polars share."""

    def __init__(self, **columns):
        self.data = columns
        self.columns = list(columns)

    def __getitem__(self, name):
        return np.array(self.data[name], object)


OPTIONS = {"target_size": 8, "order": "sorted"}


@pytest.mark.parametrize("kind", [dict, Frame])
def test_a_frame_is_a_directory_with_other_labels(tree, kind):
    files = sorted(tree.rglob("*.ppm"))
    frame = kind(filename=[str(p.relative_to(tree)) for p in files], **{"class": [p.parent.name for p in files]})
    expected, found = lade.Digest(), lade.Digest()
    for digest, flow in ((expected, lade.flow_from_directory(tree, **OPTIONS)),
                         (found, lade.flow_from_dataframe(frame, tree, **OPTIONS))):
        for batch in flow.epoch():
            digest.add(batch)
    assert str(found) == str(expected)
    absolute = kind(filename=files, **{"class": [p.parent.name for p in files]})
    assert next(lade.flow_from_dataframe(absolute, **OPTIONS)).n == 30


def test_kinds_of_labels(tree):
    files = [f"ant/{i:03}.ppm" for i in range(4)]
    numbers = lade.flow_from_dataframe({"filename": files, "class": [10, 9, 10, 2]}, tree, class_mode="sparse", **OPTIONS)
    assert numbers.class_names == ["2", "9", "10"] and next(numbers).y.numpy().ravel().tolist() == [2, 1, 2, 0]
    several = lade.flow_from_dataframe({"filename": files, "class": [["a", "b,c"], [], ["b,c"], ("a",)]}, tree, **OPTIONS)
    assert next(several).y.numpy().tolist() == [[1, 1], [0, 0], [0, 1], [1, 0]]
    raw = lade.flow_from_dataframe({"p": files, "u": [1.5, 2, 3, 4], "v": np.arange(4), "w": [0, 1, 0.5, 2]}, tree,
                                   x_col="p", y_col=["u", "v"], weight_col="w", class_mode="raw", **OPTIONS)
    _, y, weight = next(raw)
    assert y.numpy().tolist() == [[1.5, 0], [2, 1], [3, 2], [4, 3]] and weight.numpy().tolist() == [0, 1, 0.5, 2]
    assert next(lade.flow_from_dataframe({"filename": files}, tree, class_mode=None, **OPTIONS)).y is None


@pytest.mark.parametrize(
    ("arguments", "name"),
    [({"x_col": "nope"}, "x_col"), ({"y_col": "nope"}, "y_col"), ({"weight_col": "nope"}, "weight_col"),
     ({"y_col": "short"}, "dataframe"), ({"y_col": ["class", "filename"]}, "y_col"), ({"y_col": "empty"}, "empty"),
     ({"y_col": "class", "class_mode": "raw"}, "class")],
)  # fmt: skip
def test_bad_frames(tree, arguments, name):
    frame = {"filename": ["ant/000.ppm"] * 2, "class": ["a", "b"], "short": ["a"], "empty": ["", ""]}
    with pytest.raises(ValueError) as caught:
        lade.flow_from_dataframe(frame, tree, **arguments)
    assert caught.value.subject == name


def test_an_empty_frame():
    with pytest.raises(ValueError):
        lade.flow_from_dataframe({"filename": [], "class": []})


def test_scan(tree, tmp_path):
    found = lade.scan(tree)
    assert found.class_counts == {"ant": 10, "bee": 10, "cat": 10} and not found.problems
    assert found.filenames[0] == "ant/000.ppm" and found.classes == [0] * 10 + [1] * 10 + [2] * 10
    assert lade.scan(tree, classes=["cat"]).class_names == ["cat"]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x.ppm").write_bytes((tree / "ant" / "000.ppm").read_bytes())
    (problem,) = lade.scan(tmp_path).problems
    assert problem.path == "a" and problem.status == "LADE_ENOENT" and "a" in problem.message
    with pytest.raises(FileNotFoundError):
        lade.scan(tmp_path / "missing")
    with pytest.raises(TypeError):
        lade.scan(3)


def test_synth(tmp_path):
    try:
        lade.synth(tmp_path / "data", class_count=2, per_class=3, size=16, formats=["png"])
    except FileNotFoundError as error:
        pytest.skip(str(error))
    flow = lade.flow_from_directory(tmp_path / "data", target_size=16)
    assert flow.samples == 6 and len(flow.class_names) == 2
    with pytest.raises(ValueError, match="class-count"):
        lade.synth(tmp_path / "more", class_count=99)

"""Every option in the tables of the library exists in Python, and values are converted correctly."""

from pathlib import Path

import lade
import numpy as np
import pytest
from lade import _lade

TABLE = {row["name"]: row for row in _lade.option_table("flow")}
# Options that need another option, or a value that the table does not determine.
NEEDS = {
    "subset": {"validation_split": 0.5},
    "save_prefix": {"save_to_dir": "."},
    "save_format": {"save_to_dir": "."},
    "class_weights": {"order": "balanced"},
    "rank": {"world": 2},
    "stats": {"featurewise_center": True, "rescale": 1 / 255},
    "zca_whitening": {"target_size": 8},
    "drop_last": {"batch_size": 8},
}
VALUES = {
    "target_size": (5, 7), "classes": ["cat", "ant"], "save_to_dir": ".", "save_prefix": "p", "save_format": "bmp",
    "class_weights": [1, 0, 2.5], "preprocessing_function": lambda image: image, "stats": "imagenet", "crop_resize": 600,
    "class_mode": "sparse", "order": "sorted", "rank": 1, "world": 3, "max_bad_rate": 0.5, "seed": 7, "rescale": 1.0,
    "memory_limit": 2**28,
}


def value_for(row):
    if row["name"] in VALUES:
        return VALUES[row["name"]]
    if row["type"] == "bool":
        return True
    if row["type"] == "word":
        return row["words"][1][0] if len(row["words"]) > 1 else row["words"][0][0]
    low, high = row["minimum"], min(row["maximum"], 1e6)
    middle = 1 if row["type"] == "int" else (max(low, 0) + min(high, 1)) / 2
    middle = int(max(low, middle)) if row["type"] == "int" else middle
    return (middle, middle) if row["pair"] else middle


def test_the_type_hints_are_those_of_the_table():
    assert set(lade.FlowOptions.__annotations__) == set(TABLE)
    assert "Height and width" in Path(lade.__file__).with_name("_options.py").read_text()


@pytest.mark.parametrize("name", TABLE)
def test_every_option_can_be_set(tree, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    value = value_for(TABLE[name])
    flow = lade.flow_from_directory(tree, **{name: value, **NEEDS.get(name, {})})
    if TABLE[name]["type"] != "other":
        stored = flow.options[name]
        assert np.allclose(stored, value) if isinstance(stored, (float, tuple)) else stored == value
    elif name == "stats":
        assert flow.stats.mean == lade.Stats.named("imagenet").mean


@pytest.mark.parametrize("name", TABLE)
def test_none_is_the_default(tree, name):
    plain = lade.flow_from_directory(tree).options
    given = lade.flow_from_directory(tree, **{name: None}).options
    if name == "class_mode":
        assert given.pop(name) == "none" and plain.pop(name) == "categorical"
    if name == "held":
        assert given.pop(name) == "refuse" and plain.pop(name) == "grow"
    assert given == plain


@pytest.mark.parametrize("name", [n for n, row in TABLE.items() if row["type"] in ("int", "float", "word", "bool")])
def test_a_wrong_type_or_word_names_the_option(tree, name):
    with pytest.raises((TypeError, ValueError), match=name):
        lade.flow_from_directory(tree, **{name: "nonsense"})
    if TABLE[name]["type"] != "bool":
        with pytest.raises((TypeError, ValueError), match=name):
            lade.flow_from_directory(tree, **{name: object()})


def test_zero_is_a_value_and_not_the_default(tree):
    for name in ("batch_size", "target_size", "world"):
        with pytest.raises(ValueError, match=f"{name} is 0") as caught:
            lade.flow_from_directory(tree, **{name: 0})
        assert caught.value.subject == name and caught.value.status == "LADE_EINVAL"
    assert lade.flow_from_directory(tree, interpolation_order=0).options["interpolation_order"] == 0
    assert lade.flow_from_directory(tree).options["interpolation_order"] == 1
    assert lade.flow_from_directory(tree, zca_epsilon=0).options["zca_epsilon"] == 0


def test_short_forms(tree):
    def options(**given):
        return lade.flow_from_directory(tree, **given).options

    assert options(target_size=9)["target_size"] == (9, 9)
    assert options(zoom_range=0.25)["zoom_range"] == (0.25, 0)
    assert options(dtype=np.uint8)["dtype"] == options(dtype=np.dtype("uint8"))["dtype"] == "uint8"
    assert options(batch_size=np.int64(5))["batch_size"] == 5
    assert options(rescale=np.float32(0.5))["rescale"] == 0.5
    assert options(classes=(n for n in ["bee", "ant"]))["classes"] == ["bee", "ant"]


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"batch_size": 2**31}, "batch_size"), ({"batch_size": 2**80}, "batch_size"), ({"batch_size": -1}, "batch_size"),
        ({"batch_size": 2.5}, "batch_size"), ({"batch_size": True}, "batch_size"), ({"seed": -1}, "seed"),
        ({"seed": 2**64}, "seed"), ({"workers": 2**40}, "workers"), ({"target_size": (1, 2, 3)}, "target_size"),
        ({"target_size": (0, 8)}, "target_size"), ({"target_size": (8, 70000)}, "target_size"),
        ({"rescale": float("nan")}, "rescale"), ({"rescale": 1e300}, "rescale"), ({"zoom_range": (2, 1)}, "zoom_range"),
        ({"validation_split": 1}, "validation_split"), ({"classes": "cat"}, "classes"),
        ({"classes": 3}, "int"), ({"horizontal_flip": "yes"}, "horizontal_flip"), ({"subset": "training"}, "subset"),
        ({"class_weights": [1, 2], "order": "balanced"}, "class_weights"), ({"class_weights": 1}, "class_weights"),
        ({"class_weights": {"ant": 1}}, "class_weights"), ({"preprocessing_function": 1}, "preprocessing_function"),
        ({"stats": "other"}, "stats"), ({"save_format": "png"}, "save_format"), ({"rank": 3}, "rank"),
        ({"save_format": "xyz", "save_to_dir": "."}, "save_format"), ({"save_to_dir": "/\0"}, "save_to_dir"),
        ({"nonsense": 1}, "nonsense"),
    ],
)  # fmt: skip
def test_bad_values_name_the_option(tree, options, name):
    with pytest.raises((ValueError, TypeError), match=name) as caught:
        lade.flow_from_directory(tree, **options)
    if isinstance(caught.value, lade.Error):
        assert caught.value.subject == name and caught.value.status == "LADE_EINVAL"


def test_a_class_that_does_not_exist(tree):
    with pytest.raises(FileNotFoundError, match="dog") as caught:
        lade.flow_from_directory(tree, classes=["ant", "dog"])
    assert isinstance(caught.value, lade.Error) and caught.value.subject == "classes"


def test_statistics(tree, tmp_path):
    flow = lade.flow_from_directory(tree, target_size=8, featurewise_center=True, rescale=1 / 255)
    with pytest.raises(lade.StateError):
        next(flow)
    flow = lade.flow_from_directory(tree, target_size=8, featurewise_center=True, rescale=1 / 255)
    assert flow.stats is None
    stats = flow.fit()
    assert stats.images == 30 and len(stats.mean) == 3 and 0.4 < stats.mean[0] < 0.6
    mean = np.mean([np.asarray(x).mean() for x, _ in flow.epoch()])
    assert abs(mean) < 0.01
    stats.save(tmp_path / "stats.json")
    loaded = lade.Stats.load(tmp_path / "stats.json")
    assert loaded.mean == stats.mean and loaded.std == stats.std
    other = lade.flow_from_directory(tree, target_size=8, featurewise_center=True, rescale=1 / 255, stats=loaded)
    del loaded
    assert (np.asarray(next(other).x) == np.asarray(flow.batch(0, 0).x)).all()
    with pytest.raises(FileNotFoundError):
        lade.Stats.load(tmp_path / "missing.json")
    with pytest.raises(ValueError):
        lade.Stats.load(__file__)

"""Flows over any storage that is written in Python."""

import threading

import lade
import numpy as np
import pytest


class Files:
    """A sequence of the bytes of files. It records the threads that read."""

    def __init__(self, tree, labels=True):
        self.paths = sorted(tree.rglob("*.ppm"))
        self.labels = labels
        self.threads = set()

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, i):
        self.threads.add(threading.get_ident())
        content = self.paths[i].read_bytes()
        return (content, self.paths[i].parent.name) if self.labels else content


def digest(flow):
    d = lade.Digest()
    for batch in flow.epoch():
        d.add(batch)
    return str(d)


OPTIONS = {"target_size": 8, "batch_size": 4, "rotation_range": 10}


def test_the_batches_are_those_of_a_directory(tree):
    expected = digest(lade.flow_from_directory(tree, **OPTIONS))
    files = Files(tree)
    flow = lade.flow_from_sequence(files, workers=3, **OPTIONS)
    assert flow.class_names == ["ant", "bee", "cat"] and flow.filename(3) == "Files[3]"
    assert digest(flow) == expected
    assert len(files.threads) > 1
    labels = [p.parent.name for p in files.paths]
    assert digest(lade.flow_from_sequence(Files(tree, False), labels=labels, **OPTIONS)) == expected
    numbers = [("ant", "bee", "cat").index(label) for label in labels]
    assert digest(lade.flow_from_sequence(Files(tree, False), labels=numbers, **OPTIONS)) == expected


def test_labels_that_are_numbers_keep_their_order(tree):
    content = Files(tree, False)[0]
    flow = lade.flow_from_sequence([content] * 24, labels=[11 - i % 12 for i in range(24)], class_mode="sparse", order="sorted")
    assert flow.class_names == [str(i) for i in range(12)]
    assert next(flow).y.numpy().ravel().tolist() == [11 - i % 12 for i in range(24)]


def test_raw_labels_weights_and_no_labels(tree):
    content = Files(tree, False)[0]
    flow = lade.flow_from_sequence([(content, (i, -i)) for i in range(5)], class_mode="raw", order="sorted",
                                   sample_weight=[0, 1, 2, 3, 4])
    x, y, weight = next(flow)
    assert y.numpy().tolist() == [[i, -i] for i in range(5)] and weight.numpy().tolist() == [0, 1, 2, 3, 4]
    assert next(lade.flow_from_sequence([content] * 3, class_mode=None)).y is None


def test_samples_that_are_arrays(tree):
    pixels = np.random.default_rng(1).integers(0, 255, (12, 6, 7, 3), np.uint8)
    y = np.arange(12) % 3
    expected = digest(lade.flow_from_arrays(pixels, y, batch_size=4))
    assert digest(lade.flow_from_sequence(list(zip(pixels, y)), batch_size=4)) == expected
    assert digest(lade.flow_from_sequence(pixels, labels=y, batch_size=4)) == expected


def test_exceptions_of_the_sequence_come_out_of_the_loop(tree):
    class Broken(Files):
        def __getitem__(self, i):
            if i == 17 and self.broken:
                raise KeyError(f"no sample {i}")
            return super().__getitem__(i)

        broken = False

    files = Broken(tree)
    flow = lade.flow_from_sequence(files, **OPTIONS)
    files.broken = True
    with pytest.raises(KeyError, match="no sample 17") as caught:
        list(flow.epoch())
    assert any("__getitem__" in str(entry) for entry in caught.traceback)
    assert "Broken[17]" in caught.value.__notes__[0]
    files.broken = False
    assert flow.state_dict()["epoch"] == 0
    rest = list(flow.epoch())
    assert rest[-1].step == len(flow) - 1
    files.broken = True
    with pytest.raises(KeyError):
        lade.flow_from_sequence(files, **OPTIONS)
    skipping = lade.flow_from_sequence(files, on_error="skip", labels=[0] * 30, **OPTIONS)
    assert sum(b.n for b in skipping.epoch()) == 29 and skipping.invalid_files[0].sample == 17


@pytest.mark.parametrize(
    ("items", "arguments", "name"),
    [
        ([], {}, "sequence"), ([b"x"], {}, "labels"), ([b"x", b"y"], {"labels": [1]}, "labels"),
        ([np.zeros((3, 3))], {"labels": [0]}, "sequence"), ([np.zeros((3, 3, 3))], {"labels": [0]}, "sequence"),
        ([3], {"labels": [0]}, "sequence"), ([b"x"], {"labels": [0], "sample_weight": [1, 2]}, "sample_weight"),
    ],
)  # fmt: skip
def test_bad_sequences(items, arguments, name):
    with pytest.raises(ValueError, match=name) as caught:
        lade.flow_from_sequence(items, **arguments)
    assert caught.value.subject == name


def test_items_of_other_kinds_are_errors(tree):
    content = Files(tree, False)[0]
    with pytest.raises(TypeError, match="sequence\\[1\\]"):
        list(lade.flow_from_sequence([content, 7], class_mode=None).epoch())
    arrays = [np.zeros((3, 3, 3), np.uint8), np.zeros((4, 3, 3), np.uint8)]
    with pytest.raises(ValueError, match="sequence\\[1\\]"):
        list(lade.flow_from_sequence(arrays, class_mode=None).epoch())
    with pytest.raises(TypeError):
        lade.flow_from_sequence(5)

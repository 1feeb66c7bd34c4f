"""Readers, which give a flow the samples of a sequence."""

from __future__ import annotations

from typing import Any

from ._errors import OptionError

_DTYPES = {"float32": 0, "uint8": 1, "uint16": 4}  # enum lade_dtype


def _is_pair(item: Any) -> bool:
    return isinstance(item, (tuple, list)) and len(item) == 2


def _describe(item: Any) -> str:
    dtype, shape = getattr(item, "dtype", None), getattr(item, "shape", None)
    return f"an array of {dtype} with the shape {tuple(shape)}" if shape is not None else f"a {type(item).__name__}"


class Reader:
    """The samples of a sequence, in the form that the extension module needs."""

    def __init__(self, sequence: Any, name: str | None) -> None:
        if not hasattr(sequence, "__len__") or not hasattr(sequence, "__getitem__"):
            raise TypeError(f"sequence is a {type(sequence).__name__}: it must be an object with len() and [i]")
        self.sequence = sequence
        self.source = name or type(sequence).__name__
        self.samples = len(sequence)
        self.shape = (0, 0, 0)
        self.dtype = 0
        self.labels: Any = None
        self.weights: Any = None
        self.label_separator = ""
        self.columns = 0
        self.labelled = self.weighted = False
        self.raw = False

    def read(self, i: int) -> Any:
        """Return the bytes of a sample, as an object that supports the buffer protocol."""
        item = self.sequence[i]
        image = item[0] if _is_pair(item) else item
        if self.shape[2] == 0:
            if isinstance(image, (bytes, bytearray, memoryview)):
                return image
            raise TypeError(f"sequence[{i}] is {_describe(image)}: it must be the bytes of an image file, as sequence[0]")
        return self._pixels(image, i)

    def _pixels(self, image: Any, i: int) -> Any:
        import numpy

        array = numpy.asarray(image)
        if array.shape != self.shape or _DTYPES.get(array.dtype.name) != self.dtype:
            raise ValueError(
                f"sequence[{i}] is {_describe(array)}: the shape must be {self.shape} and the dtype the same as in "
                "sequence[0]"
            )
        return numpy.ascontiguousarray(array)

    def label(self, i: int) -> tuple[str | None, Any, float]:
        """Return the class name, the numbers and the weight of a sample."""
        weight = float(self.weights[i]) if self.weighted else 1.0
        if self.labels is None and not self.labelled_by_items:
            return None, (), weight
        label = self.labels[i] if self.labels is not None else self.sequence[i][1]
        if self.raw:
            return None, _numbers(label), weight
        return (label if isinstance(label, str) else str(int(label))), (), weight

    labelled_by_items = False


def _numbers(label: Any) -> list[float]:
    return [float(v) for v in label] if hasattr(label, "__len__") else [float(label)]


def _first_image(sequence: Any) -> Any:
    item = sequence[0]
    return item[0] if _is_pair(item) else item


def _set_shape(reader: Reader, image: Any) -> None:
    """Set the shape of samples that are pixels."""
    if isinstance(image, (bytes, bytearray, memoryview)):
        return
    import numpy

    array = numpy.asarray(image)
    if array.ndim != 3 or array.dtype.name not in _DTYPES:
        raise OptionError(
            f"sequence[0] is {_describe(image)}: it must be bytes of an image file, or an array of uint8, uint16 or "
            "float32 with the shape (H, W, C)",
            "LADE_EINVAL",
            "sequence",
        )
    reader.shape = array.shape
    reader.dtype = _DTYPES[array.dtype.name]


def _check_length(name: str, values: Any, samples: int) -> None:
    if values is not None and len(values) != samples:
        raise OptionError(
            f"{name} has {len(values)} items: it must have one for each of the {samples} samples", "LADE_EINVAL", name
        )


def _set_labels(reader: Reader, labels: Any, options: dict[str, Any]) -> None:
    mode = options.get("class_mode", "categorical")
    if mode in (None, "none", "input"):
        return
    if labels is None and not _is_pair(reader.sequence[0]):
        raise OptionError(
            f"class_mode is {mode!r}, but the sequence has no labels: give `labels`, or pairs (image, label), or "
            "class_mode=None",
            "LADE_EINVAL",
            "labels",
        )
    reader.labels = labels
    reader.labelled = True
    reader.labelled_by_items = labels is None
    first = labels[0] if labels is not None else reader.sequence[0][1]
    reader.raw = mode in ("raw", "multi_output")
    if reader.raw:
        reader.columns = len(_numbers(first))
    elif not isinstance(first, str) and options.get("classes") is None:
        # Class names are sorted as strings, so "10" would come before "2". The option `classes` keeps the order of the
        # numbers.
        if labels is None:
            reader.labels = labels = [reader.sequence[i][1] for i in range(reader.samples)]
        options["classes"] = [str(i) for i in range(max(int(label) for label in labels) + 1)]


def make_reader(
    sequence: Any,
    labels: Any,
    sample_weight: Any,
    label_separator: str | None,
    name: str | None,
    options: dict[str, Any],
) -> Reader:
    """Return the reader for the arguments of flow_from_sequence(), and complete `options`."""
    reader = Reader(sequence, name)
    if reader.samples < 1:
        raise OptionError("the sequence is empty: it must have at least one sample", "LADE_EINVAL", "sequence")
    _check_length("labels", labels, reader.samples)
    _check_length("sample_weight", sample_weight, reader.samples)
    _set_shape(reader, _first_image(sequence))
    _set_labels(reader, labels, options)
    if sample_weight is not None:
        reader.weights, reader.weighted, reader.labelled = sample_weight, True, True
    reader.label_separator = label_separator or ""
    return reader

"""Converts the arguments of Flow.submit() to arrays that have the layout of the structs of the library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy

from . import _lade
from ._errors import OptionError

if TYPE_CHECKING:
    import numpy.typing as npt

_BOX = ("x", "y", "width", "height")
_ERASING = numpy.dtype({"names": [*_BOX, "value"], "formats": ["u2"] * 4 + ["f4"]})
# In C, 0 means that these changes are off, and OFF means 0. In Python, 0 means 0, and 1 or None means off.
_ZERO_IS_OFF = ("brightness", "contrast", "saturation", "sharpness", "interpolation_order")
_FACTORS = ("zx", "zy", "brightness", "contrast", "saturation", "sharpness")
_OPTIONS = ("fill_mode", "cval", "interpolation_order", "quirks")


def _make_dtype() -> numpy.dtype[Any]:
    fields, size = _lade.transform_layout()
    names, formats, offsets = zip(*fields, strict=True)
    return numpy.dtype({
        "names": names,
        "formats": [_ERASING if name == "erasing" else f for name, f in zip(names, formats, strict=True)],
        "offsets": offsets,
        "itemsize": size,
    })


TRANSFORM = _make_dtype()


def _refuse(name: str, message: str) -> OptionError:
    return OptionError(message, "LADE_EINVAL", name)


def make_transforms(n: int, options: Mapping[str, Any]) -> npt.NDArray[Any]:
    """Return `n` transforms that change nothing, with the fill_mode, cval, interpolation_order and quirks of `options`."""
    array = numpy.zeros(n, TRANSFORM)
    for name in _FACTORS:
        array[name] = 1
    for name in _OPTIONS:
        value = options[name]
        array[name] = _lade.transform_word(name, value) if isinstance(value, str) else value
    return array


def _store(array: npt.NDArray[Any], row: int, name: str, value: Any) -> None:
    if name not in TRANSFORM.names:  # type: ignore[operator]
        raise _refuse(name, f"transforms[{row}] has the key {name!r}: it must be one of {', '.join(TRANSFORM.names or ())}")
    if value is None:
        return
    if isinstance(value, str):
        if name not in ("fill_mode", "quirks"):
            raise _refuse(name, f"{name} of transforms[{row}] is {value!r}: it must be a number")
        value = _lade.transform_word(name, value)
    try:
        array[row][name] = tuple(value) if name == "erasing" else value
    except (TypeError, ValueError, OverflowError) as error:
        raise _refuse(name, f"{name} of transforms[{row}] is {value!r}: {error}") from None


def _transforms(given: Any, n: int, options: Mapping[str, Any]) -> npt.NDArray[Any]:
    if isinstance(given, numpy.ndarray):
        if given.dtype != TRANSFORM:
            raise _refuse("transforms", f"transforms has the dtype {given.dtype}: it must be an array of Flow.transforms(n)")
        array = numpy.zeros(given.shape, TRANSFORM)  # the bytes between the fields must be 0
        array[:] = given
    else:
        rows = list(given)
        array = make_transforms(len(rows), options)
        for row, changes in enumerate(rows):
            if not isinstance(changes, Mapping):
                raise TypeError(f"transforms[{row}] is a {type(changes).__name__}: it must be a dict")
            for name, value in changes.items():
                _store(array, row, name, value)
    for name in ("zx", "zy"):
        if (array[name] == 0).any():
            raise _refuse(name, f"{name} of transforms[{(array[name] == 0).argmax()}] is 0: it must be above 0")
    for name in _ZERO_IS_OFF:
        array[name][array[name] == 0] = _lade.OFF
    return array


def _integers(given: Any, name: str, dtype: type[numpy.integer[Any]]) -> npt.NDArray[Any]:
    array = numpy.asarray(given)
    if array.size and array.dtype.kind not in "iu":  # NumPy turns a list of very large and small integers into floats
        array = numpy.asarray(given, object)
    if array.ndim != 1 or not (array.dtype.kind in "iu" or all(hasattr(value, "__index__") for value in array)):
        raise _refuse(name, f"{name} is {given!r:.100}: it must be a list of integers")
    limits = numpy.iinfo(dtype)
    if array.size and not (limits.min <= array.min() and array.max() <= limits.max):
        raise _refuse(name, f"{name} contains {array.min()} and {array.max()}: the integers must be {limits.min} to {limits.max}")
    return numpy.ascontiguousarray(array, dtype)


def _crops(given: Any) -> npt.NDArray[Any]:
    rows = numpy.asarray(given)
    if rows.ndim != 2 or rows.shape[1] != 4 or rows.dtype.kind not in "iu":
        raise _refuse("crops", f"crops has the dtype {rows.dtype} and the shape {rows.shape}: it must be a list of "
                      "(x, y, width, height)")  # fmt: skip
    return numpy.ascontiguousarray(rows.clip(-1, 2**31 - 1), numpy.int32)


def arrays_of_plan(
    samples: Any, transforms: Any, crops: Any, seeds: Any, draws: Any, options: Mapping[str, Any]
) -> tuple[Any, Any, Any, Any, Any]:
    """Return the five arrays that the extension module needs. An array that was not given is None."""
    numbers = _integers(samples, "samples", numpy.int64)
    return (
        numbers,
        None if transforms is None else _transforms(transforms, len(numbers), options),
        None if crops is None else _crops(crops),
        None if seeds is None else _integers(seeds, "seeds", numpy.uint64),
        None if draws is None else _integers(draws, "draws", numpy.uint64),
    )

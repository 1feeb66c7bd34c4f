"""The class NumpyArrayIterator."""

from __future__ import annotations

import warnings
from typing import Any

import numpy

from ._batches import Maker
from ._draws import draw_lock
from ._files import save_images
from ._framework import floatx, image_data_format
from ._iterator import Iterator


def _check_length(name: str, text: str, x: Any, other: Any) -> None:
    if other is not None and len(x) != len(other):
        raise ValueError(
            f"`x` (images tensor) and `{name}` {text}should have the same length. "
            f"Found: x.shape = {numpy.asarray(x).shape}, {name}.shape = {numpy.asarray(other).shape}"
        )


def _other_inputs(x: Any) -> tuple[Any, list[Any]]:
    """Return the images and the other inputs of `x`, which may be a pair."""
    if not isinstance(x, (tuple, list)):
        return x, []
    x, others = x[0], x[1] if isinstance(x[1], list) else [x[1]]
    others = [numpy.asarray(other) for other in others]
    for other in others:
        if len(x) != len(other):
            raise ValueError(
                "All of the arrays in `x` should have the same length. "
                f"Found a pair with: len(x[0]) = {len(x)}, len(x[?]) = {len(other)}"
            )
    return x, others


def _rows_of_subset(subset: str, x: Any, y: Any, fraction: float, ignore_class_split: bool) -> slice:
    if subset not in ("training", "validation"):
        raise ValueError(f'Invalid subset name: {subset}; expected "training" or "validation".')
    count = int(len(x) * fraction)
    if (
        y is not None
        and not ignore_class_split
        and not numpy.array_equal(numpy.unique(y[:count]), numpy.unique(y[count:]))
    ):
        raise ValueError(
            "Training and validation subsets have different number of classes after the split. If your numpy arrays are "
            "sorted by the label, you might want to shuffle them."
        )
    return slice(count) if subset == "validation" else slice(count, None)


class NumpyArrayIterator(Iterator):
    """An iterator over arrays. ``ImageDataGenerator.flow()`` describes the parameters.

    Attributes
    ----------
    x, y, sample_weight
        The arrays. `x` is the array of the program if it already has the right type.
    x_misc : list of numpy.ndarray
        The other inputs.
    """

    def __init__(
        self,
        x: Any,
        y: Any,
        image_data_generator: Any,
        batch_size: int = 32,
        shuffle: bool = False,
        sample_weight: Any = None,
        seed: int | None = None,
        data_format: str | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        ignore_class_split: bool = False,
        dtype: Any = None,
        **workers: Any,
    ) -> None:
        self.data_format = image_data_format() if data_format is None else data_format
        self.dtype = floatx() if dtype is None else dtype
        x, others = _other_inputs(x)
        _check_length("y", "(labels) ", x, y)
        _check_length("sample_weight", "", x, sample_weight)
        if subset is not None:
            rows = _rows_of_subset(subset, x, y, image_data_generator._validation_split, ignore_class_split)
            x, others = x[rows], [other[rows] for other in others]
            y = None if y is None else y[rows]
        self.x = numpy.asarray(x, dtype=self.dtype)
        self.x_misc = others
        self._check_shape()
        self.y = None if y is None else numpy.asarray(y)
        self.sample_weight = None if sample_weight is None else numpy.asarray(sample_weight)
        self.image_data_generator = image_data_generator
        self.save_to_dir = save_to_dir
        self.save_prefix = save_prefix
        self.save_format = save_format
        super().__init__(self.x.shape[0], batch_size, shuffle, seed, **workers)

    def _check_shape(self) -> None:
        shape = self.x.shape
        if len(shape) != 4:
            raise ValueError(
                f"Input data in `NumpyArrayIterator` should have rank 4. You passed an array with shape {shape}"
            )
        axis = 3 if self.data_format == "channels_last" else 1
        if shape[axis] not in {1, 3, 4}:
            warnings.warn(
                f'NumpyArrayIterator is set to use the data format convention "{self.data_format}" (channels on axis '
                f"{axis}), i.e. expected either 1, 3, or 4 channels on axis {axis}. However, it was passed an array with "
                f"shape {shape} ({shape[axis]} channels).",
                stacklevel=4,
            )

    def _load_row(self, j: int) -> Any:
        return self.x[j].astype(self.dtype)

    def _kernel_rows(self, index_array: Any, transforms: Any, rescale: float) -> Any:
        """Return the images of the samples, made by a kernel. It needs whole numbers from 0 to 255."""
        if self.x.dtype != numpy.float32 or self.dtype != "float32":
            return None
        rows = self.x[index_array]
        if not (0 <= rows.min() and rows.max() <= 255):
            return None
        pixels = rows.astype(numpy.uint8)
        return self._maker.run_on_pixels(pixels, transforms, rescale) if (pixels == rows).all() else None

    def _get_batches_of_transformed_samples(self, index_array: Any) -> Any:
        with draw_lock:
            if self._maker is None:
                self._maker = Maker(self)
            x = self._maker.make(index_array, self.x.shape[1:])
            if self.save_to_dir:
                save_images(self, x, index_array, 1e4)
        inputs = [x, *(other[index_array] for other in self.x_misc)] if self.x_misc else x
        if self.y is None:
            return inputs
        if self.sample_weight is None:
            return inputs, self.y[index_array]
        return inputs, self.y[index_array], self.sample_weight[index_array]

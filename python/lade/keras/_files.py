"""Iterators over image files: the images, labels and saved copies of a batch."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import numpy

from ._batches import Maker
from ._draws import draw_lock
from ._framework import floatx
from ._headers import has_eight_bits

if TYPE_CHECKING:
    import numpy.typing as npt

_CHANNELS = {"rgb": 3, "rgba": 4, "grayscale": 1}
_INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "lanczos", "box", "hamming")
# A program may replace load_img() in one of these modules.
_HOLDERS = (
    "lade.keras.preprocessing.image.iterator",
    "lade.keras.preprocessing.image.utils",
    "lade.keras.preprocessing.image",
    "lade.keras.utils",
    "lade.keras",
    "lade.keras._functions",
)


def _replaced_load_img() -> Any:
    """Return the function with which the program replaced load_img(), or None."""
    for name in _HOLDERS:
        function = getattr(sys.modules.get(name), "load_img", None)
        if function is not None and not getattr(function, "__module__", "").startswith("lade.keras."):
            return function
    return None


class BatchFromFilesMixin:
    """The part of an iterator that reads image files."""

    dtype: Any
    class_mode: str | None
    classes: Any
    class_indices: dict[Any, int]
    batch_size: int
    _maker: Any

    def set_processing_attrs(
        self,
        image_data_generator: Any,
        target_size: Any,
        color_mode: str,
        data_format: str,
        save_to_dir: Any,
        save_prefix: str,
        save_format: str,
        subset: str | None,
        interpolation: str,
        keep_aspect_ratio: bool,
    ) -> None:
        """Set the attributes that determine how images are read.

        Parameters
        ----------
        image_data_generator : ImageDataGenerator or None
            Makes the random changes.
        target_size : pair of int
            Height and width.
        color_mode : {"rgb", "rgba", "grayscale"}
            The channels.
        data_format : {"channels_last", "channels_first"}
            The order of the axes.
        save_to_dir, save_prefix, save_format
            As for ``flow()``.
        subset : {"training", "validation"}, optional
            The part of the samples to use.
        interpolation : str
            How images are resized.
        keep_aspect_ratio : bool
            Cut the image to the aspect ratio of `target_size` first.
        """
        self.image_data_generator = image_data_generator
        self.target_size = tuple(target_size)
        self.keep_aspect_ratio = keep_aspect_ratio
        if color_mode not in _CHANNELS:
            raise ValueError(f'Invalid color mode: {color_mode}; expected "rgb", "rgba", or "grayscale".')
        self.color_mode = color_mode
        self.data_format = data_format
        channels = (_CHANNELS[color_mode],)
        self.image_shape = (
            self.target_size + channels if data_format == "channels_last" else channels + self.target_size
        )
        self.save_to_dir = save_to_dir
        self.save_prefix = save_prefix
        self.save_format = save_format
        self.interpolation = interpolation
        self.split: Any = None
        if subset is not None:
            fraction = image_data_generator._validation_split
            parts = {"validation": (0, fraction), "training": (fraction, 1)}
            if subset not in parts:
                raise ValueError(f'Invalid subset name: {subset};expected "training" or "validation"')
            self.split = parts[subset]
        self.subset = subset

    # ---- Images -------------------------------------------------------------------------------------------------------

    def _load_row(self, j: int) -> npt.NDArray[Any]:
        """Return image j, read with Pillow."""
        from ._functions import img_to_array, load_img

        function = _replaced_load_img() or load_img
        image = function(
            self.filepaths[j],
            color_mode=self.color_mode,
            target_size=self.target_size,
            interpolation=self.interpolation,
            keep_aspect_ratio=self.keep_aspect_ratio,
        )
        x = img_to_array(image, data_format=self.data_format)
        if hasattr(image, "close"):
            image.close()
        return x  # type: ignore[no-any-return]

    def _kernel_rows(self, index_array: Any, transforms: Any, rescale: float) -> Any:
        """Return the images of the samples, made by a kernel, or None."""
        paths = self.filepaths
        chosen = [paths[j] for j in index_array]
        if (
            floatx() != "float32"
            or self.interpolation not in _INTERPOLATIONS
            or not all(isinstance(path, str) for path in chosen)
            or (self.color_mode == "grayscale" and not all(has_eight_bits(path) for path in chosen))
            or _replaced_load_img()
        ):
            return None
        kernel, numbers = self._maker.find_kernel(self._kernel_options(rescale), paths, index_array, chosen)
        return kernel and self._maker.run_plan(kernel, numbers, transforms)

    def _kernel_options(self, rescale: float) -> dict[str, Any]:
        return {
            "target_size": self.target_size,
            "color_mode": self.color_mode,
            "interpolation": self.interpolation,
            "keep_aspect_ratio": bool(self.keep_aspect_ratio),
            "data_format": self.data_format,
            "rescale": rescale,
        }

    # ---- Batches ------------------------------------------------------------------------------------------------------

    def _get_batches_of_transformed_samples(self, index_array: Any) -> Any:
        with draw_lock:
            if self._maker is None:
                self._maker = Maker(self)
            x = self._maker.make(index_array, self.image_shape)
            if self.save_to_dir:
                self._save_images(x, index_array, 1e7)
        if self.class_mode is None:
            return x
        y = self._labels_of(x, index_array)
        if y is None:
            return x
        weights = self.sample_weight
        return (x, y) if weights is None else (x, y, weights[index_array])

    def _save_images(self, x: npt.NDArray[Any], index_array: Any, limit: float) -> None:
        save_images(self, x, index_array, limit)

    def _labels_of(self, x: npt.NDArray[Any], index_array: Any) -> Any:
        mode = self.class_mode
        if mode == "input":
            return x.copy()
        if mode in ("binary", "sparse"):
            rows = [self.classes[j] for j in index_array]
            # Old programs assign a table of labels with several columns to `classes`.
            width = numpy.shape(rows[0]) if rows else ()
            y = numpy.empty((len(x), *width), dtype=self.dtype)
            for i, row in enumerate(rows):
                y[i] = row
            return y
        if mode == "categorical":
            y = numpy.zeros((len(x), len(self.class_indices)), dtype=self.dtype)
            for i, j in enumerate(index_array):
                y[i, self.classes[j]] = 1.0
            return y
        if mode == "multi_output":
            return [output[index_array] for output in self.labels]
        return self.labels[index_array] if mode == "raw" else None

    @property
    def filepaths(self) -> Any:
        """list of str: The path of each sample."""
        raise NotImplementedError(f"`filepaths` property method has not been implemented in {type(self).__name__}.")

    @property
    def labels(self) -> Any:
        """The label of each sample."""
        raise NotImplementedError(f"`labels` property method has not been implemented in {type(self).__name__}.")

    @property
    def sample_weight(self) -> Any:
        """The weight of each sample, or None."""
        raise NotImplementedError(
            f"`sample_weight` property method has not been implemented in {type(self).__name__}."
        )


def save_images(iterator: Any, x: npt.NDArray[Any], index_array: Any, limit: float) -> None:
    """Save each image of a batch. The name contains a number that is drawn, as in Keras."""
    from ._functions import array_to_img

    for i, j in enumerate(index_array):
        image = array_to_img(x[i], iterator.data_format, scale=True)
        number = numpy.random.randint(limit)  # type: ignore[call-overload]
        name = f"{iterator.save_prefix}_{j}_{number}.{iterator.save_format}"
        image.save(os.path.join(iterator.save_to_dir, name))

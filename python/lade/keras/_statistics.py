"""The standardisation of ImageDataGenerator: its checks, its statistics and its computation."""

from __future__ import annotations

import math
import numbers
import warnings
from typing import TYPE_CHECKING, Any

import numpy

if TYPE_CHECKING:
    import numpy.typing as npt

    from ._generator import ImageDataGenerator


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real)


def zoom_limits(value: Any) -> list[Any]:
    """Return the smallest and the largest zoom of the argument zoom_range."""
    if _is_number(value):
        return [1 - value, 1 + value]
    if len(value) == 2 and all(_is_number(v) for v in value):
        return [value[0], value[1]]
    raise ValueError(f"`zoom_range` should be a float or a tuple or list of two floats. Received: {value}")


def warn_override(option: str, other: str) -> None:
    """Warn that `option` sets another option."""
    warnings.warn(
        f"This ImageDataGenerator specifies `{option}`, which overrides setting of `{other}`.", stacklevel=4
    )


def _not_fitted(option: str) -> None:
    warnings.warn(
        f"This ImageDataGenerator specifies `{option}`, but it hasn't been fit on any training data. "
        "Fit it first by calling `.fit(numpy_data)`.",
        stacklevel=4,
    )


def standardize(generator: ImageDataGenerator, x: Any) -> Any:
    """Apply the function of the user, the factor and the standardisation, in the order of Keras."""
    if generator.preprocessing_function:
        x = generator.preprocessing_function(x)
    if generator.rescale:
        x *= generator.rescale
    if generator.samplewise_center:
        x -= numpy.mean(x, keepdims=True)
    if generator.samplewise_std_normalization:
        x /= numpy.std(x, keepdims=True) + 1e-6
    if generator.featurewise_center:
        if generator.mean is None:
            _not_fitted("featurewise_center")
        else:
            x -= generator.mean
    if generator.featurewise_std_normalization:
        if generator.std is None:
            _not_fitted("featurewise_std_normalization")
        else:
            x /= generator.std + 1e-6
    if generator.zca_whitening:
        if generator.zca_whitening_matrix is None:
            _not_fitted("zca_whitening")
        else:
            rows = x.reshape(-1, math.prod(x.shape[-3:]))
            x = numpy.reshape(rows @ generator.zca_whitening_matrix, x.shape)
    return x


def _check(generator: ImageDataGenerator, x: npt.NDArray[Any]) -> None:
    if x.ndim != 4:
        raise ValueError(f"Input to `.fit()` should have rank 4. Got array with shape: {x.shape}")
    axis = generator.channel_axis
    if x.shape[axis] not in {1, 3, 4}:
        warnings.warn(
            "Expected input to be images (as Numpy array) following the data format convention "
            f'"{generator.data_format}" (channels on axis {axis}), i.e. expected either 1, 3 or 4 channels on axis '
            f"{axis}. However, it was passed an array with shape {x.shape} ({x.shape[axis]} channels).",
            stacklevel=4,
        )


def fit(generator: ImageDataGenerator, given: Any, augment: bool, rounds: int, seed: int | None) -> None:
    """Set mean, std and zca_whitening_matrix. As in Keras, `rescale` comes first and the random changes second."""
    x = numpy.asarray(given, dtype=generator.dtype)
    _check(generator, x)
    if seed is not None:
        numpy.random.seed(seed)
    wanted = generator.featurewise_center or generator.featurewise_std_normalization or generator.zca_whitening
    if not wanted and not augment:
        return  # no statistic is used, so the array need not be copied
    x = numpy.copy(x)
    if generator.rescale:
        x *= generator.rescale
    if augment:
        changed = numpy.zeros((rounds * x.shape[0], *x.shape[1:]), dtype=generator.dtype)
        for row in range(rounds * x.shape[0]):
            changed[row] = generator.random_transform(x[row % x.shape[0]])
        x = changed
    axes = (0, generator.row_axis, generator.col_axis)
    shape = [1, 1, 1]
    shape[generator.channel_axis - 1] = x.shape[generator.channel_axis]
    if generator.featurewise_center:
        generator.mean = numpy.reshape(numpy.mean(x, axis=axes), shape)
        x -= generator.mean
    if generator.featurewise_std_normalization:
        generator.std = numpy.reshape(numpy.std(x, axis=axes), shape)
        x /= generator.std + 1e-6
    if generator.zca_whitening:
        rows = numpy.reshape(x, (len(x), -1))
        u, s, _ = numpy.linalg.svd(rows.T, full_matrices=False)
        generator.zca_whitening_matrix = (u * (numpy.sqrt(len(rows)) / (s + generator.zca_epsilon))).dot(u.T)

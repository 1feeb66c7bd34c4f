"""Resizes images as ``keras.ops.image.resize`` does: without a filter against aliasing, with NumPy only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy

from . import _framework

__all__ = ["resize_images", "smart_resize"]


def _cubic(distance: Any) -> Any:
    near = (1.5 * distance - 2.5) * distance**2 + 1
    far = ((-0.5 * distance + 2.5) * distance - 4) * distance + 2
    return numpy.where(distance < 1, near, numpy.where(distance < 2, far, 0))


def _lanczos(radius: int) -> Callable[[Any], Any]:
    return lambda distance: numpy.where(distance < radius, numpy.sinc(distance) * numpy.sinc(distance / radius), 0)


_KERNELS: dict[str, Callable[[Any], Any]] = {
    "bilinear": lambda distance: numpy.maximum(1 - distance, 0),
    "bicubic": _cubic,
    "lanczos3": _lanczos(3),
    "lanczos5": _lanczos(5),
}
INTERPOLATIONS = ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5")


def _weights(before: int, after: int, interpolation: str) -> Any:
    """Return a matrix of shape (after, before). Each row has the weights of one pixel of the result."""
    places = (numpy.arange(after) + 0.5) * (before / after) - 0.5
    if interpolation == "nearest":
        nearest = numpy.floor(places + 0.5).astype(int).clip(0, before - 1)
        return numpy.eye(before, dtype="float32")[nearest]
    weights = _KERNELS[interpolation](numpy.abs(places[:, None] - numpy.arange(before)))
    return (weights / weights.sum(axis=1, keepdims=True)).astype("float32")


def resize_images(x: Any, size: Any, interpolation: str, data_format: str) -> Any:
    """Resize one image or a batch of images.

    Parameters
    ----------
    x : numpy.ndarray
        An array of three or four dimensions.
    size : pair of int
        Height and width of the result.
    interpolation : str
        One of `INTERPOLATIONS`.
    data_format : {"channels_last", "channels_first"}
        The order of the axes.

    Returns
    -------
    numpy.ndarray
        An array of float32.
    """
    row_axis = x.ndim - (3 if data_format == "channels_last" else 2)
    x = x.astype("float32")
    for axis, after in ((row_axis, size[0]), (row_axis + 1, size[1])):
        if x.shape[axis] != after:
            weights = _weights(x.shape[axis], int(after), interpolation)
            x = numpy.moveaxis(numpy.tensordot(weights, x, axes=(1, axis)), 0, axis)
    return numpy.ascontiguousarray(x)


def centre_crop(x: Any, size: Any, data_format: str) -> Any:
    """Return the largest centred part of an image that has the aspect ratio of `size`."""
    row_axis = x.ndim - (3 if data_format == "channels_last" else 2)
    height, width = x.shape[row_axis], x.shape[row_axis + 1]
    rows = max(min(height, int(float(width * size[0]) / size[1])), 1)
    columns = max(min(width, int(float(height * size[1]) / size[0])), 1)
    top, left = (height - rows) // 2, (width - columns) // 2
    window = (slice(top, top + rows), slice(left, left + columns))
    return x[(slice(None),) * row_axis + window]


def smart_resize(
    x: Any, size: Any, interpolation: str = "bilinear", data_format: str = "channels_last", **kwargs: Any
) -> Any:
    """Cut an image in the centre to the aspect ratio of `size`, and resize the image.

    Parameters
    ----------
    x : array
        An image, or a batch of images. If `x` is a tensor of a framework, Keras computes the result.
    size : pair of int
        Height and width of the result.
    interpolation : {"bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"}
        The method.
    data_format : {"channels_last", "channels_first"}
        The order of the axes.
    **kwargs
        Only `backend_module`, as in Keras. If it is given, Keras computes the result.

    Returns
    -------
    numpy.ndarray
        If the values of `x` are integers and the interpolation is not "nearest", the values of the result are float32,
        as with the backend jax of Keras. In all other cases the data type is that of `x`.
    """
    backend = kwargs.pop("backend_module", None)
    if kwargs:
        raise TypeError(f"smart_resize() got unexpected keyword arguments: {list(kwargs)}")
    if len(size) != 2:
        raise ValueError(f"Expected `size` to be a tuple of 2 integers, but got: {size}.")
    keras = _framework.framework
    if keras is not None and (backend is not None or not isinstance(x, (numpy.ndarray, list, tuple))):
        extra = {} if backend is None else {"backend_module": backend}
        return keras.preprocessing.image.smart_resize(x, size, interpolation, data_format, **extra)
    x = numpy.asarray(x)
    if x.ndim not in (3, 4):
        raise ValueError(
            "Expected an image array with shape `(height, width, channels)`, or `(batch_size, height, width, "
            f"channels)`, but got input with incorrect rank, of shape {x.shape}."
        )
    if interpolation not in INTERPOLATIONS:
        raise ValueError(
            "Invalid value for argument `interpolation`. Expected of one "
            f"{set(INTERPOLATIONS)}. Received: interpolation={interpolation}"
        )
    result = resize_images(centre_crop(x, size, data_format), size, interpolation, data_format)
    return result.astype(x.dtype) if x.dtype.kind == "f" or interpolation == "nearest" else result

"""The functions of Keras that draw a change from numpy.random and apply it to one image. They draw as Keras draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy

from ._functions import apply_affine_transform, apply_brightness_shift, apply_channel_shift

__all__ = [
    "random_brightness",
    "random_channel_shift",
    "random_rotation",
    "random_shear",
    "random_shift",
    "random_zoom",
]


def random_rotation(
    x: Any,
    rg: float,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    interpolation_order: int = 1,
) -> Any:
    """Rotate an image by a random angle.

    Parameters
    ----------
    x : numpy.ndarray
        An image.
    rg : float
        The angle lies between ``-rg`` and ``rg`` degrees.
    row_axis, col_axis, channel_axis : int
        The axes. By default the channels come first.
    fill_mode, cval, interpolation_order
        As in ImageDataGenerator.

    Returns
    -------
    numpy.ndarray
    """
    theta = numpy.random.uniform(-rg, rg)
    axes = (row_axis, col_axis, channel_axis)
    return apply_affine_transform(x, theta, 0, 0, 0, 1, 1, *axes, fill_mode, cval, interpolation_order)


def random_shift(
    x: Any,
    wrg: float,
    hrg: float,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    interpolation_order: int = 1,
) -> Any:
    """Shift an image by a random distance.

    Parameters
    ----------
    x : numpy.ndarray
        An image.
    wrg, hrg : float
        The largest distances, as parts of the width and the height.
    row_axis, col_axis, channel_axis : int
        The axes. By default the channels come first.
    fill_mode, cval, interpolation_order
        As in ImageDataGenerator.

    Returns
    -------
    numpy.ndarray
    """
    tx = numpy.random.uniform(-hrg, hrg) * x.shape[row_axis]
    ty = numpy.random.uniform(-wrg, wrg) * x.shape[col_axis]
    axes = (row_axis, col_axis, channel_axis)
    return apply_affine_transform(x, 0, tx, ty, 0, 1, 1, *axes, fill_mode, cval, interpolation_order)


def random_shear(
    x: Any,
    intensity: float,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    interpolation_order: int = 1,
) -> Any:
    """Shear an image by a random angle.

    Parameters
    ----------
    x : numpy.ndarray
        An image.
    intensity : float
        The angle lies between ``-intensity`` and ``intensity`` degrees.
    row_axis, col_axis, channel_axis : int
        The axes. By default the channels come first.
    fill_mode, cval, interpolation_order
        As in ImageDataGenerator.

    Returns
    -------
    numpy.ndarray
    """
    shear = numpy.random.uniform(-intensity, intensity)
    axes = (row_axis, col_axis, channel_axis)
    return apply_affine_transform(x, 0, 0, 0, shear, 1, 1, *axes, fill_mode, cval, interpolation_order)


def random_zoom(
    x: Any,
    zoom_range: Sequence[float],
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    interpolation_order: int = 1,
) -> Any:
    """Zoom an image by two random factors, one for the rows and one for the columns.

    Parameters
    ----------
    x : numpy.ndarray
        An image.
    zoom_range : pair of float
        The smallest and the largest factor.
    row_axis, col_axis, channel_axis : int
        The axes. By default the channels come first.
    fill_mode, cval, interpolation_order
        As in ImageDataGenerator.

    Returns
    -------
    numpy.ndarray

    Raises
    ------
    ValueError
        If `zoom_range` does not have two elements.
    """
    if len(zoom_range) != 2:
        raise ValueError(f"`zoom_range` should be a tuple or list of two floats. Received: {zoom_range}")
    zx: Any = 1
    zy: Any = 1
    if zoom_range[0] != 1 or zoom_range[1] != 1:
        zx, zy = numpy.random.uniform(zoom_range[0], zoom_range[1], 2)
    axes = (row_axis, col_axis, channel_axis)
    return apply_affine_transform(x, 0, 0, 0, 0, zx, zy, *axes, fill_mode, cval, interpolation_order)


def random_channel_shift(x: Any, intensity_range: float, channel_axis: int = 0) -> Any:
    """Add one random number to all channels, as `apply_channel_shift` does.

    Parameters
    ----------
    x : numpy.ndarray
        An image.
    intensity_range : float
        The number lies between ``-intensity_range`` and ``intensity_range``.
    channel_axis : int
        The axis of the channels.

    Returns
    -------
    numpy.ndarray
    """
    intensity = numpy.random.uniform(-intensity_range, intensity_range)
    return apply_channel_shift(x, intensity, channel_axis=channel_axis)


def random_brightness(x: Any, brightness_range: Sequence[float], scale: bool = True) -> Any:
    """Multiply the brightness by a random factor, as `apply_brightness_shift` does.

    Parameters
    ----------
    x : numpy.ndarray
        An image.
    brightness_range : pair of float
        The smallest and the largest factor.
    scale : bool
        Change the values so that they fill 0..255 first.

    Returns
    -------
    numpy.ndarray

    Raises
    ------
    ValueError
        If `brightness_range` does not have two elements.
    """
    if len(brightness_range) != 2:
        raise ValueError(f"`brightness_range` should be a tuple or list of two floats. Received: {brightness_range}")
    factor = numpy.random.uniform(brightness_range[0], brightness_range[1])
    return apply_brightness_shift(x, factor, scale)

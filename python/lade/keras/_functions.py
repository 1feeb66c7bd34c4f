"""The functions of Keras on one image, computed with NumPy, SciPy and Pillow, which are imported when they are used."""

from __future__ import annotations

from typing import Any

import numpy

from ._pictures import array_to_img, img_to_array, load_img

__all__ = [
    "apply_affine_transform",
    "apply_brightness_shift",
    "apply_channel_shift",
    "array_to_img",
    "flip_axis",
    "img_to_array",
    "load_img",
    "transform_matrix_offset_center",
]


def flip_axis(x: Any, axis: int) -> Any:
    """Reverse the order along an axis.

    Parameters
    ----------
    x : array
        The array.
    axis : int
        The axis.

    Returns
    -------
    numpy.ndarray
        A view of `x`.
    """
    x = numpy.asarray(x).swapaxes(axis, 0)
    return x[::-1, ...].swapaxes(0, axis)


def apply_channel_shift(x: Any, intensity: float, channel_axis: int = 0) -> Any:
    """Add a number to all channels. The sum stays between the smallest and the largest value of the image.

    Parameters
    ----------
    x : numpy.ndarray
        An image.
    intensity : float
        The number.
    channel_axis : int
        The axis of the channels.

    Returns
    -------
    numpy.ndarray
    """
    x = numpy.rollaxis(x, channel_axis, 0)
    least, most = numpy.min(x), numpy.max(x)
    shifted = numpy.stack([numpy.clip(channel + intensity, least, most) for channel in x], axis=0)
    return numpy.rollaxis(shifted, 0, channel_axis + 1)


def apply_brightness_shift(x: Any, brightness: float, scale: bool = True) -> Any:
    """Multiply the brightness with Pillow, which uses bytes.

    Parameters
    ----------
    x : numpy.ndarray
        An image.
    brightness : float
        The factor.
    scale : bool
        Change the values so that they fill 0..255 first.

    Returns
    -------
    numpy.ndarray
    """
    from PIL import ImageEnhance

    least, most = numpy.min(x), numpy.max(x)
    outside = bool(least < 0 or most > 255)
    image = ImageEnhance.Brightness(array_to_img(x, scale=outside or scale)).enhance(brightness)
    x = img_to_array(image)
    return x / 255 * (most - least) + least if outside and not scale else x


def transform_matrix_offset_center(matrix: Any, x: float, y: float) -> Any:
    """Move the origin of a matrix to the centre of an image of `x` rows and `y` columns, as in Keras.

    Parameters
    ----------
    matrix : numpy.ndarray
        A matrix of 3x3.
    x, y : float
        The size.

    Returns
    -------
    numpy.ndarray
    """
    centre = numpy.array([[1, 0, float(x) / 2 - 0.5], [0, 1, float(y) / 2 - 0.5], [0, 0, 1]])
    back = numpy.array([[1, 0, -centre[0, 2]], [0, 1, -centre[1, 2]], [0, 0, 1]])
    return centre.dot(matrix).dot(back)


def _matrices(theta: float, tx: float, ty: float, shear: float, zx: float, zy: float) -> list[Any]:
    found = []
    if theta != 0:
        s, c = numpy.sin(numpy.deg2rad(theta)), numpy.cos(numpy.deg2rad(theta))
        found.append([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    if tx != 0 or ty != 0:
        found.append([[1, 0, tx], [0, 1, ty], [0, 0, 1]])
    if shear != 0:
        angle = numpy.deg2rad(shear)
        found.append([[1, -numpy.sin(angle), 0], [0, numpy.cos(angle), 0], [0, 0, 1]])
    if zx != 1 or zy != 1:
        found.append([[zx, 0, 0], [0, zy, 0], [0, 0, 1]])
    return [numpy.array(matrix) for matrix in found]


def apply_affine_transform(
    x: Any,
    theta: float = 0,
    tx: float = 0,
    ty: float = 0,
    shear: float = 0,
    zx: float = 1,
    zy: float = 1,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    order: int = 1,
) -> Any:
    """Rotate, shift, shear and zoom an image with SciPy, as Keras does.

    Parameters
    ----------
    x : numpy.ndarray
        An image.
    theta, tx, ty, shear, zx, zy : float
        The changes, as in the dict of ``get_random_transform()``.
    row_axis, col_axis, channel_axis : int
        The axes.
    fill_mode, cval, order
        As `fill_mode`, `cval` and `interpolation_order` of ImageDataGenerator.

    Returns
    -------
    numpy.ndarray
    """
    axes = {row_axis, col_axis, channel_axis}
    if len(axes) != 3:
        raise ValueError("'row_axis', 'col_axis', and 'channel_axis' must be distinct")
    if axes != {0, 1, 2}:
        raise ValueError(f"Invalid axis' indices: {axes - {0, 1, 2}}")
    if x.ndim != 3:
        raise ValueError("Input arrays must be multi-channel 2D images.")
    if channel_axis not in (0, 2):
        raise ValueError("Channels are allowed and the first and last dimensions.")
    matrices = _matrices(theta, tx, ty, shear, zx, zy)
    if not matrices:
        return x
    from scipy import ndimage  # pyright: ignore[reportMissingTypeStubs]

    matrix = matrices[0]
    for other in matrices[1:]:
        matrix = matrix.dot(other)
    matrix = transform_matrix_offset_center(matrix, x.shape[row_axis], x.shape[col_axis])
    if col_axis > row_axis:  # the matrix has the order x, y, and the array has the order y, x
        matrix[:, [0, 1]] = matrix[:, [1, 0]]
        matrix[[0, 1]] = matrix[[1, 0]]
    channels = [
        ndimage.affine_transform(channel, matrix[:2, :2], matrix[:2, 2], order=order, mode=fill_mode, cval=cval)
        for channel in numpy.rollaxis(x, channel_axis, 0)
    ]
    return numpy.rollaxis(numpy.stack(channels, axis=0), 0, channel_axis + 1)

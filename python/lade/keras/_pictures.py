"""Reads image files with Pillow, and converts images of Pillow to arrays and back."""

from __future__ import annotations

import io
import pathlib
from typing import Any

import numpy

from ._framework import floatx, image_data_format

_MODES = {"grayscale": "L", "rgb": "RGB", "rgba": "RGBA"}
_FILTERS = ("nearest", "bilinear", "bicubic", "hamming", "box", "lanczos")



def _open_image(path: Any) -> Any:
    from PIL import Image

    if isinstance(path, io.BytesIO):
        return Image.open(path)
    if isinstance(path, (str, bytes, pathlib.Path)):
        with open(path, "rb") as file:
            return Image.open(io.BytesIO(file.read()))
    raise TypeError(f"path should be path-like or io.BytesIO, not {type(path)}")


def _centre_box(size: Any, target: Any) -> list[int]:
    """Return the largest centred box that has the aspect ratio of `target`."""
    width, height = size
    box_height = min(height, (width * target[1]) // target[0])
    box_width = min(width, (height * target[0]) // target[1])
    left, top = (width - box_width) // 2, (height - box_height) // 2
    return [left, top, left + box_width, top + box_height]


def load_img(
    path: Any,
    color_mode: str = "rgb",
    target_size: Any = None,
    interpolation: str = "nearest",
    keep_aspect_ratio: bool = False,
) -> Any:
    """Read an image file.

    Parameters
    ----------
    path : path or io.BytesIO
        The file.
    color_mode : {"rgb", "rgba", "grayscale"}
        The channels. Grey images of 16 or 32 bits stay as they are.
    target_size : pair of int, optional
        Height and width.
    interpolation : str
        "nearest", "bilinear", "bicubic", "lanczos", "box" or "hamming".
    keep_aspect_ratio : bool
        Cut the image to the aspect ratio of `target_size` first.

    Returns
    -------
    PIL.Image.Image
    """
    from PIL import Image

    image = _open_image(path)
    if color_mode not in _MODES:
        raise ValueError('color_mode must be "grayscale", "rgb", or "rgba"')
    deep = color_mode == "grayscale" and image.mode in ("I;16", "I")
    if image.mode != _MODES[color_mode] and not deep:
        image = image.convert(_MODES[color_mode])
    if target_size is None or image.size == (target_size[1], target_size[0]):
        return image
    if interpolation not in _FILTERS:
        raise ValueError(
            f"Invalid interpolation method {interpolation} specified. Supported methods are {', '.join(_FILTERS)}"
        )
    size = (target_size[1], target_size[0])
    box = _centre_box(image.size, size) if keep_aspect_ratio else None
    return image.resize(size, Image.Resampling[interpolation.upper()], box=box)


def img_to_array(img: Any, data_format: str | None = None, dtype: Any = None) -> Any:
    """Return the pixels of an image as an array of three dimensions.

    Parameters
    ----------
    img : PIL.Image.Image
        The image.
    data_format : {"channels_last", "channels_first"}, optional
        The order of the axes. Default: the setting of Keras.
    dtype : str, optional
        Default: the setting of Keras.

    Returns
    -------
    numpy.ndarray
    """
    data_format = data_format or image_data_format()
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError(f"Unknown data_format: {data_format}")
    x = numpy.asarray(img, dtype=dtype or floatx())
    if x.ndim == 3:
        return x.transpose(2, 0, 1) if data_format == "channels_first" else x
    if x.ndim == 2:
        return x[None] if data_format == "channels_first" else x[..., None]
    raise ValueError(f"Unsupported image shape: {x.shape}")


def array_to_img(x: Any, data_format: str | None = None, scale: bool = True, dtype: Any = None) -> Any:
    """Return an array as an image of Pillow.

    Parameters
    ----------
    x : array
        An image of three dimensions.
    data_format : {"channels_last", "channels_first"}, optional
        The order of the axes. Default: the setting of Keras.
    scale : bool
        Change the values so that they fill 0..255.
    dtype : str, optional
        Default: the setting of Keras.

    Returns
    -------
    PIL.Image.Image
    """
    from PIL import Image

    data_format = data_format or image_data_format()
    x = numpy.asarray(x, dtype=dtype or floatx())
    if x.ndim != 3:
        raise ValueError(f"Expected image array to have rank 3 (single image). Got array with shape: {x.shape}")
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError(f"Invalid data_format: {data_format}")
    if data_format == "channels_first":
        x = x.transpose(1, 2, 0)
    if scale:
        x = x - numpy.min(x)
        largest = numpy.max(x)
        if largest != 0:
            x /= largest
        x *= 255
    if x.shape[2] in (3, 4):
        return Image.fromarray(x.astype("uint8"))
    if x.shape[2] != 1:
        raise ValueError(f"Unsupported channel number: {x.shape[2]}")
    if numpy.max(x) > 255:
        return Image.fromarray(x[:, :, 0].astype("int32"))
    return Image.fromarray(x[:, :, 0].astype("uint8"))

"""Writes images to files, and lists image files."""

from __future__ import annotations

import os
import pathlib
import warnings
from collections.abc import Sequence
from typing import Any

from ._pictures import array_to_img

__all__ = ["list_pictures", "save_img"]


def save_img(
    path: Any,
    x: Any,
    data_format: str | None = None,
    file_format: str | None = None,
    scale: bool = True,
    **kwargs: Any,
) -> None:
    """Write an array to an image file with Pillow.

    Parameters
    ----------
    path : path or file object
        The file.
    x : array
        An image of three dimensions.
    data_format : {"channels_last", "channels_first"}, optional
        The order of the axes. Default: the setting of Keras.
    file_format : str, optional
        The format of the file. Default: the suffix of `path`.
    scale : bool
        Change the values so that they fill 0..255.
    **kwargs
        More arguments of ``PIL.Image.Image.save()``.

    Warns
    -----
    UserWarning
        If an image with alpha is written as JPEG. JPEG has no alpha, so alpha is left out.
    """
    if file_format is None and isinstance(path, (str, pathlib.Path)):
        file_format = pathlib.Path(path).suffix[1:].lower()
    if file_format and file_format.lower() == "jpg":
        file_format = "jpeg"
    image = array_to_img(x, data_format=data_format, scale=scale)
    if image.mode == "RGBA" and file_format == "jpeg":
        warnings.warn("The JPEG format does not support RGBA images, converting to RGB.", stacklevel=2)
        image = image.convert("RGB")
    image.save(path, format=file_format, **kwargs)


def list_pictures(
    directory: str | os.PathLike[str],
    ext: str | Sequence[str] = ("jpg", "jpeg", "bmp", "png", "ppm", "tif", "tiff"),
) -> list[str]:
    """List the image files below a directory, in the order of ``os.walk()``.

    Parameters
    ----------
    directory : path
        The directory.
    ext : str or sequence of str
        The suffixes without a dot.

    Returns
    -------
    list of str
        The paths, which begin with `directory`.
    """
    suffixes = tuple("." + suffix for suffix in ([ext] if isinstance(ext, str) else ext))
    return [
        os.path.join(folder, name)
        for folder, _, names in os.walk(directory)
        for name in names
        if name.lower().endswith(suffixes)
    ]

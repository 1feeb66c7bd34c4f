"""Applies random changes to one array with SciPy and Pillow, where no kernel of lade can be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._functions import apply_affine_transform, apply_brightness_shift, apply_channel_shift, flip_axis

if TYPE_CHECKING:
    import numpy.typing as npt

    from ._generator import ImageDataGenerator

_GEOMETRY = {"theta": 0, "tx": 0, "ty": 0, "shear": 0, "zx": 1, "zy": 1}


def apply_transform(
    generator: ImageDataGenerator, x: npt.NDArray[Any], changes: dict[str, Any]
) -> npt.NDArray[Any]:
    """Apply the changes in the order of Keras: geometry, channel shift, flips, brightness."""
    rows, columns, channels = generator.row_axis - 1, generator.col_axis - 1, generator.channel_axis - 1
    x = apply_affine_transform(
        x,
        **{name: changes.get(name, neutral) for name, neutral in _GEOMETRY.items()},
        row_axis=rows,
        col_axis=columns,
        channel_axis=channels,
        fill_mode=generator.fill_mode,
        cval=generator.cval,
        order=generator.interpolation_order,
    )
    if changes.get("channel_shift_intensity") is not None:
        x = apply_channel_shift(x, changes["channel_shift_intensity"], channels)
    if changes.get("flip_horizontal", False):
        x = flip_axis(x, columns)
    if changes.get("flip_vertical", False):
        x = flip_axis(x, rows)
    if changes.get("brightness") is not None:
        x = apply_brightness_shift(x, changes["brightness"], False)
    return x

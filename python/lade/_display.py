"""Pictures for notebooks: contact sheets of batches, and curves of training runs."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._lade import Batch, Tensor
    from ._run import Metrics


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def encode_png(pixels: Any) -> bytes:
    """Return a PNG file of an array of uint8 with the shape (H, W, 3)."""
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + pixels[y].tobytes() for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 6)) + _chunk(b"IEND", b"")


def _to_bytes(x: Any) -> Any:
    """Return images as uint8 with 3 channels. Other ranges than 0..1 and 0..255 are scaled linearly to 0..255."""
    import numpy

    if x.ndim == 4 and x.shape[-1] not in (1, 3, 4) and x.shape[1] in (1, 3, 4):
        x = x.transpose(0, 2, 3, 1)
    if x.dtype != numpy.uint8:
        low, high = (float(x.min()), float(x.max())) if x.size else (0.0, 1.0)
        if low >= 0 and high <= 1:
            low, high = 0.0, 1.0
        elif low >= 0 and high <= 255:
            low, high = 0.0, 255.0
        x = ((x - low) * (255 / (high - low or 1))).round().astype(numpy.uint8)
    return numpy.repeat(x, 3, axis=3) if x.shape[3] == 1 else x[..., :3]


def contact_sheet(images: Batch | Tensor | Any, columns: int = 8, most: int = 32, side: int = 96) -> bytes:
    """Return a PNG file with the images of a batch.

    Parameters
    ----------
    images : Batch, Tensor or array
        Images of the shape (n, H, W, C) or (n, C, H, W).
    columns : int
        The number of images in a row.
    most : int
        The largest number of images.
    side : int
        The height and width of an image on the sheet, in pixels. Larger images are reduced to about this size.
    """
    import numpy

    given = numpy.asarray(getattr(images, "x", images))
    if given.ndim != 4:
        raise TypeError(f"images have the shape {given.shape}: it must be (n, H, W, C) or (n, C, H, W)")
    x = _to_bytes(given[:most])
    count, height, width = x.shape[:3]
    step = max(1, round(max(height, width) / side))
    x = x[:, ::step, ::step]
    height, width = x.shape[1:3]
    columns = max(1, min(columns, count))
    rows = max(1, -(-count // columns))
    sheet = numpy.full((rows * (height + 2) + 2, columns * (width + 2) + 2, 3), 255, numpy.uint8)
    for i in range(count):
        top, left = 2 + i // columns * (height + 2), 2 + i % columns * (width + 2)
        sheet[top : top + height, left : left + width] = x[i]
    return encode_png(sheet)


class Picture:
    """A PNG picture, which a notebook shows.

    Attributes
    ----------
    png : bytes
        The content of the file.
    """

    def __init__(self, png: bytes) -> None:
        self.png = png

    def _repr_png_(self) -> bytes:
        return self.png

    def save(self, path: Any) -> None:
        """Write the file."""
        with open(path, "wb") as f:
            f.write(self.png)


def show(images: Batch | Tensor | Any, *, columns: int = 8, most: int = 32, side: int = 96) -> Picture:
    """Return a contact sheet of a batch, which a notebook shows.

    Parameters
    ----------
    images : Batch, Tensor or array
        Images of the shape (n, H, W, C) or (n, C, H, W). Other ranges than 0..1 and 0..255 are scaled linearly, so that
        all values are visible.
    columns : int
        The number of images in a row.
    most : int
        The largest number of images.
    side : int
        The height and width of an image on the sheet, in pixels. Larger images are reduced to about this size.

    Returns
    -------
    Picture
        ``picture.save("sheet.png")`` writes a file.
    """
    return Picture(contact_sheet(images, columns, most, side))


def _line(values: Sequence[float], low: float, high: float, colour: str) -> str:
    points = [
        f"{40 + 400 * i / max(1, len(values) - 1):.1f},{180 - 160 * (v - low) / (high - low or 1):.1f}"
        for i, v in enumerate(values)
        if v == v
    ]
    return f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>'


def curves(history: Sequence[Metrics]) -> str:
    """Return an SVG picture of the losses, as HTML."""
    losses, validation = [m.loss for m in history], [m.val_loss for m in history]
    known = [v for v in losses + validation if v == v]
    if not known:
        return "<p>lade.Run: no epoch has ended yet</p>"
    low, high = min(known), max(known)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="460" height="210" font-family="sans-serif" font-size="11">'
        f'<text x="2" y="24">{high:.3g}</text><text x="2" y="184">{low:.3g}</text>'
        f'{_line(losses, low, high, "#1f77b4")}{_line(validation, low, high, "#d62728")}'
        f'<text x="40" y="204">{len(history)} epochs; blue: loss {losses[-1]:.4f}; red: validation {validation[-1]:.4f}'
        "</text></svg>"
    )

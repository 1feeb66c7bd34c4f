"""Finds grey images of 16 bits, because Keras keeps their values above 255 and the kernels of lade do not."""

from __future__ import annotations

from functools import lru_cache

_PNG = b"\x89PNG\r\n\x1a\n"
_OTHER = (b"\xff\xd8", b"BM", b"GIF8", b"RIFF")  # JPEG, BMP, GIF, WebP: always 8 bits


@lru_cache(maxsize=1 << 20)
def has_eight_bits(path: str) -> bool:
    """Return whether the header of a file proves that its channels have at most 8 bits."""
    try:
        with open(path, "rb") as file:
            header = file.read(26)
    except OSError:
        return False
    if header.startswith(_PNG):
        return len(header) == 26 and header[24] <= 8
    return header.startswith(_OTHER)

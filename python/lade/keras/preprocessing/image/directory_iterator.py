"""The iterator over a directory."""

from ..._directory import DirectoryIterator

__all__ = ["DirectoryIterator"]

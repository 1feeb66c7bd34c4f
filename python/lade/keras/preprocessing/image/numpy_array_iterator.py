"""The iterator over arrays."""

from ..._arrays import NumpyArrayIterator

__all__ = ["NumpyArrayIterator"]

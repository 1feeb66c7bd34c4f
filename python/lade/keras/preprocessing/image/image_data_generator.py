"""The generator."""

from ..._generator import ImageDataGenerator

__all__ = ["ImageDataGenerator"]

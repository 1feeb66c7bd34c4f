"""The place where `keras.preprocessing` and `keras_preprocessing` had the module `image`."""

from . import image

__all__ = ["image"]

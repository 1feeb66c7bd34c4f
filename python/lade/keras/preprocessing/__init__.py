"""The place where `keras.preprocessing` and `keras_preprocessing` had the module `image`."""

from .._image_dataset import image_dataset_from_directory
from . import image

__all__ = ["image", "image_dataset_from_directory"]

"""Keras's ImageDataGenerator and its iterators: the same names, the same batches for the same seed, and less waiting.

>>> from lade.keras import ImageDataGenerator
>>> generator = ImageDataGenerator(rescale=1 / 255, rotation_range=40, horizontal_flip=True)
>>> model.fit(generator.flow_from_directory("photos", target_size=(150, 150), seed=1), epochs=10)
"""

from . import preprocessing, utils
from ._arrays import NumpyArrayIterator
from ._dataframe import DataFrameIterator, validate_filename
from ._directory import DirectoryIterator
from ._disk import list_pictures, save_img
from ._files import BatchFromFilesMixin
from ._functions import (
    apply_affine_transform,
    apply_brightness_shift,
    apply_channel_shift,
    flip_axis,
    transform_matrix_offset_center,
)
from ._generator import ImageDataGenerator
from ._image_dataset import ImageDataset, image_dataset_from_directory
from ._install import install, uninstall
from ._iterator import Iterator
from ._pictures import array_to_img, img_to_array, load_img
from ._random import (
    random_brightness,
    random_channel_shift,
    random_rotation,
    random_shear,
    random_shift,
    random_zoom,
)
from ._resize import smart_resize

__all__ = [
    "BatchFromFilesMixin",
    "DataFrameIterator",
    "DirectoryIterator",
    "ImageDataGenerator",
    "ImageDataset",
    "Iterator",
    "NumpyArrayIterator",
    "apply_affine_transform",
    "apply_brightness_shift",
    "apply_channel_shift",
    "array_to_img",
    "flip_axis",
    "image_dataset_from_directory",
    "img_to_array",
    "install",
    "list_pictures",
    "load_img",
    "preprocessing",
    "random_brightness",
    "random_channel_shift",
    "random_rotation",
    "random_shear",
    "random_shift",
    "random_zoom",
    "save_img",
    "smart_resize",
    "transform_matrix_offset_center",
    "uninstall",
    "utils",
    "validate_filename",
]

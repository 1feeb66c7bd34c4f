"""The names that `keras.utils` has for images."""

from ._disk import save_img
from ._framework import Base as Sequence
from ._image_dataset import image_dataset_from_directory
from ._pictures import array_to_img, img_to_array, load_img

PyDataset = Sequence

__all__ = [
    "PyDataset",
    "Sequence",
    "array_to_img",
    "image_dataset_from_directory",
    "img_to_array",
    "load_img",
    "save_img",
]

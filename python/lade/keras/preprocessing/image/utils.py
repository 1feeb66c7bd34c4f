"""The functions for image files and images of Pillow."""

from ..._dataframe import validate_filename
from ..._disk import list_pictures, save_img
from ..._pictures import array_to_img, img_to_array, load_img
from ..._resize import smart_resize

__all__ = [
    "array_to_img",
    "img_to_array",
    "list_pictures",
    "load_img",
    "save_img",
    "smart_resize",
    "validate_filename",
]

"""The names of `keras.preprocessing.image` and of `keras_preprocessing.image`.

Old programs write ``from ... import *`` and then use modules that this module imports, such as `np` and `os`. For this
reason the module has no `__all__`, and it imports these modules.
"""

import os as os
import re as re
import threading as threading
import warnings as warnings

import numpy as np

from ..._framework import framework as _keras
from . import (
    affine_transformations,
    dataframe_iterator,
    directory_iterator,
    image_data_generator,
    iterator,
    numpy_array_iterator,
    utils,
)
from .affine_transformations import *
from .dataframe_iterator import DataFrameIterator
from .directory_iterator import DirectoryIterator
from .image_data_generator import ImageDataGenerator
from .iterator import BatchFromFilesMixin, Iterator
from .numpy_array_iterator import NumpyArrayIterator
from .utils import *

K = getattr(_keras, "backend", None)

NAMES: tuple[str, ...] = (
    "BatchFromFilesMixin",
    "DataFrameIterator",
    "DirectoryIterator",
    "ImageDataGenerator",
    "Iterator",
    "NumpyArrayIterator",
    *affine_transformations.__all__,
    *utils.__all__,
)
"""The names of Keras in this module."""

"""Keras's ImageDataGenerator and its iterators: the same names, the same batches for the same seed, and less waiting.

>>> from lade.keras import ImageDataGenerator
>>> generator = ImageDataGenerator(rescale=1 / 255, rotation_range=40, horizontal_flip=True)
>>> model.fit(generator.flow_from_directory("photos", target_size=(150, 150), seed=1), epochs=10)
"""

from ._arrays import NumpyArrayIterator
from ._dataframe import DataFrameIterator, validate_filename
from ._directory import DirectoryIterator
from ._files import BatchFromFilesMixin
from ._generator import ImageDataGenerator
from ._iterator import Iterator

__all__ = [
    "BatchFromFilesMixin",
    "DataFrameIterator",
    "DirectoryIterator",
    "ImageDataGenerator",
    "Iterator",
    "NumpyArrayIterator",
    "validate_filename",
]

"""The class DirectoryIterator."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator as Generator
from typing import Any

import numpy

from ._files import BatchFromFilesMixin
from ._framework import floatx, image_data_format, print_message
from ._iterator import Iterator


def _valid_files(directory: str, formats: Any, follow_links: bool) -> Generator[tuple[str, str]]:
    """Yield the folder and the name of each image file, in the order of Keras."""
    for root, _, names in sorted(os.walk(directory, followlinks=follow_links), key=lambda entry: entry[0]):
        for name in sorted(names):
            if name.lower().endswith(".tiff"):
                warnings.warn(
                    'Using ".tiff" files with multiple bands will cause distortion. Please verify your output.',
                    stacklevel=2,
                )
            if name.lower().endswith(formats):
                yield root, name


def _files_of_class(directory: str, formats: Any, split: Any, follow_links: bool) -> list[str]:
    """Return the paths of the files of a class, relative to the folder that contains the folder of the class."""
    files = list(_valid_files(directory, formats, follow_links))
    if split:
        files = files[int(split[0] * len(files)) : int(split[1] * len(files))]
    prefix = os.path.basename(directory)
    return [os.path.join(prefix, os.path.relpath(os.path.join(root, name), directory)) for root, name in files]


def _check_directory(directory: Any) -> None:
    if not os.path.isdir(directory):
        kind = NotADirectoryError if os.path.exists(directory) else FileNotFoundError
        raise kind(
            f"flow_from_directory: {directory!r} is not a directory (the working directory is {os.getcwd()!r}). It must "
            "contain one folder of images for each class"
        )


def _warn_about_classes(directory: Any, formats: Any, samples: int, classes: Any, class_mode: Any) -> None:
    """Warn about the usual mistakes. Keras accepts them silently."""
    if samples == 0:
        loose = [name for name in sorted(os.listdir(directory)) if name.lower().endswith(formats)]
        if loose:
            warnings.warn(
                f"{os.fspath(directory)!r} has {len(loose)} images, such as {loose[0]!r}, but they are not in folders of "
                'classes. For images without classes, use classes=["."] and class_mode=None',
                stacklevel=4,
            )
    if class_mode == "binary" and len(classes) > 2:
        warnings.warn(
            f'class_mode is "binary", but there are {len(classes)} classes ({", ".join(map(str, classes[:5]))}), so the '
            'labels are 0 to {}. Use "sparse" or "categorical"'.format(len(classes) - 1),
            stacklevel=4,
        )
    hidden = [name for name in classes if str(name).startswith(".") and str(name).strip("./")]
    if hidden:
        warnings.warn(f"the hidden folder {hidden[0]!r} is a class", stacklevel=4)


class DirectoryIterator(BatchFromFilesMixin, Iterator):
    """An iterator over the images of a directory that has one folder for each class.

    ``ImageDataGenerator.flow_from_directory()`` describes the parameters.

    Attributes
    ----------
    class_indices : dict
        The index of each class.
    classes : numpy.ndarray
        The class index of each sample.
    filenames : list of str
        The path of each sample, relative to `directory`.
    samples : int
        The number of samples.
    num_classes : int
        The number of classes.
    """

    allowed_class_modes = {"categorical", "binary", "sparse", "input", None}

    def __init__(
        self,
        directory: Any,
        image_data_generator: Any,
        target_size: Any = (256, 256),
        color_mode: str = "rgb",
        classes: Any = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        data_format: str | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        follow_links: bool = False,
        subset: str | None = None,
        interpolation: str = "nearest",
        keep_aspect_ratio: bool = False,
        dtype: Any = None,
        **workers: Any,
    ) -> None:
        self.set_processing_attrs(
            image_data_generator,
            target_size,
            color_mode,
            image_data_format() if data_format is None else data_format,
            save_to_dir,
            save_prefix,
            save_format,
            subset,
            interpolation,
            keep_aspect_ratio,
        )
        self.directory = directory
        self.classes = classes
        if class_mode not in self.allowed_class_modes:
            raise ValueError(
                f"Invalid class_mode: {class_mode}; expected one of: {self.allowed_class_modes}"
            )
        self.class_mode = class_mode
        self.dtype = floatx() if dtype is None else dtype
        _check_directory(directory)
        names = list(classes) if classes is not None and len(classes) else self._find_classes()
        self.num_classes = len(names)
        self.class_indices = {name: index for index, name in enumerate(names)}
        self._find_files(names, follow_links)
        print_message(f"Found {self.samples} images belonging to {self.num_classes} classes.")
        _warn_about_classes(directory, self.white_list_formats, self.samples, names, class_mode)
        super().__init__(self.samples, batch_size, shuffle, seed, **workers)

    def _find_classes(self) -> list[str]:
        names = sorted(os.listdir(self.directory))
        return [name for name in names if os.path.isdir(os.path.join(self.directory, name))]

    def _find_files(self, names: list[str], follow_links: bool) -> None:
        self.filenames: list[str] = []
        indices: list[int] = []
        for name in names:
            folder = os.path.join(self.directory, name)
            files = _files_of_class(folder, self.white_list_formats, self.split, follow_links)
            self.filenames += files
            # Keras looks up the last part of the name, so a name such as "a/b" is a KeyError.
            indices += [self.class_indices[os.path.basename(folder)] for _ in files]
        self.samples = len(self.filenames)
        self.classes = numpy.array(indices, dtype="int32")
        self._filepaths = [os.path.join(self.directory, name) for name in self.filenames]
        self._found = (self.directory, self.filenames)

    @property
    def filepaths(self) -> Any:
        """list of str: The path of each sample.

        If a program assigns a `filenames` of another length, or both `filenames` and `directory`, the paths are
        `directory` and `filenames`.
        """
        directory, filenames = self._found
        replaced = self.directory != directory and self.filenames is not filenames
        if replaced or len(self.filenames) != len(self._filepaths):
            return [os.path.join(self.directory, name) for name in self.filenames]
        return self._filepaths

    @property
    def labels(self) -> Any:
        """numpy.ndarray: The class index of each sample."""
        return self.classes

    @property
    def sample_weight(self) -> Any:
        """None: A directory has no weights."""
        return None

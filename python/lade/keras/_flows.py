"""The methods of ImageDataGenerator that make iterators."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from ._arrays import NumpyArrayIterator
    from ._dataframe import DataFrameIterator
    from ._directory import DirectoryIterator
    from ._generator import ImageDataGenerator

_OLD_KEYWORDS = {
    "has_ext": "has_ext is deprecated, filenames in the dataframe have to match the exact filenames in disk.",
    "sort": "sort is deprecated, batches will be created in the same order than the filenames provided if `shuffle` "
    "is set to `False`.",
    "drop_duplicates": "drop_duplicates is deprecated, you can drop duplicates by using the "
    "pandas.DataFrame.drop_duplicates method.",
}
_WORKER_KEYWORDS = ("workers", "use_multiprocessing", "max_queue_size")


def _check_keywords(function: str, keywords: dict[str, Any]) -> None:
    for name in keywords:
        if name not in _WORKER_KEYWORDS:
            raise TypeError(f"ImageDataGenerator.{function}() got an unexpected keyword argument {name!r}")


class Flows:
    """Makes iterators. No thread starts and no image is read before the first batch."""

    data_format: str
    dtype: Any

    def flow(
        self,
        x: Any,
        y: Any = None,
        batch_size: int = 32,
        shuffle: bool = True,
        sample_weight: Any = None,
        seed: int | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        ignore_class_split: bool = False,
        subset: str | None = None,
        **workers: Any,
    ) -> NumpyArrayIterator:
        """Make an iterator over arrays.

        Parameters
        ----------
        x : array, or pair of an array and other inputs
            Images of the shape (n, H, W, C), or (n, C, H, W) for "channels_first".
        y : array, optional
            Labels.
        batch_size : int
            The number of images of a batch.
        shuffle : bool
            Use a new order in each epoch.
        sample_weight : array, optional
            Weights.
        seed : int, optional
            The seed of ``numpy.random``, which is set again for each batch.
        save_to_dir : path, optional
            A directory for a copy of each image.
        save_prefix, save_format : str
            The begin and the end of the names of these files.
        ignore_class_split : bool
            Allow that the two subsets have different classes.
        subset : {"training", "validation"}, optional
            The part of the arrays to use.
        **workers
            `workers`, `use_multiprocessing` and `max_queue_size`, which Keras's ``fit()`` reads.

        Returns
        -------
        NumpyArrayIterator
        """
        from ._arrays import NumpyArrayIterator

        _check_keywords("flow", workers)
        return NumpyArrayIterator(
            x,
            y,
            cast("ImageDataGenerator", self),
            batch_size=batch_size,
            shuffle=shuffle,
            sample_weight=sample_weight,
            seed=seed,
            data_format=self.data_format,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            ignore_class_split=ignore_class_split,
            subset=subset,
            dtype=self.dtype,
            **workers,
        )

    def flow_from_directory(
        self,
        directory: Any,
        target_size: Any = (256, 256),
        color_mode: str = "rgb",
        classes: Any = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        follow_links: bool = False,
        subset: str | None = None,
        interpolation: str = "nearest",
        keep_aspect_ratio: bool = False,
        **workers: Any,
    ) -> DirectoryIterator:
        """Make an iterator over the images of a directory that has one folder for each class.

        Parameters
        ----------
        directory : path
            The directory.
        target_size : pair of int
            Height and width.
        color_mode : {"rgb", "rgba", "grayscale"}
            The channels.
        classes : sequence of str, optional
            The folders to use, in the order of the class indices. Default: all folders, sorted by name.
        class_mode : {"categorical", "binary", "sparse", "input", None}
            The form of the labels.
        batch_size, shuffle, seed, save_to_dir, save_prefix, save_format
            As for ``flow()``.
        follow_links : bool
            Follow links to directories below the folders of the classes.
        subset : {"training", "validation"}, optional
            The part of each class to use.
        interpolation : str
            "nearest", "bilinear", "bicubic", "lanczos", "box" or "hamming": how images are resized.
        keep_aspect_ratio : bool
            Cut the image to the aspect ratio of `target_size` first.
        **workers
            As for ``flow()``.

        Returns
        -------
        DirectoryIterator
        """
        from ._directory import DirectoryIterator

        _check_keywords("flow_from_directory", workers)
        return DirectoryIterator(
            directory,
            cast("ImageDataGenerator", self),
            target_size=target_size,
            color_mode=color_mode,
            keep_aspect_ratio=keep_aspect_ratio,
            classes=classes,
            class_mode=class_mode,
            data_format=self.data_format,
            batch_size=batch_size,
            shuffle=shuffle,
            seed=seed,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            follow_links=follow_links,
            subset=subset,
            interpolation=interpolation,
            dtype=self.dtype,
            **workers,
        )

    def flow_from_dataframe(
        self,
        dataframe: Any,
        directory: Any = None,
        x_col: Any = "filename",
        y_col: Any = "class",
        weight_col: Any = None,
        target_size: Any = (256, 256),
        color_mode: str = "rgb",
        classes: Any = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        interpolation: str = "nearest",
        validate_filenames: bool = True,
        **others: Any,
    ) -> DataFrameIterator:
        """Make an iterator over the images that a table lists.

        Parameters
        ----------
        dataframe : pandas.DataFrame
            The table. It is copied.
        directory : path, optional
            The directory of relative paths.
        x_col : str
            The column of paths.
        y_col : str or list of str
            The column or columns of labels.
        weight_col : str, optional
            The column of weights.
        target_size, color_mode, batch_size, shuffle, seed, save_to_dir, save_prefix, save_format, interpolation
            As for ``flow_from_directory()``.
        classes : sequence of str, optional
            The classes to use. Rows of other classes are left out.
        class_mode : {"categorical", "binary", "sparse", "input", "raw", "multi_output", None}
            The form of the labels.
        subset : {"training", "validation"}, optional
            The part of the rows to use.
        validate_filenames : bool
            Leave out rows whose file is missing, with a warning.
        **others
            As for ``flow()``. Other names have no effect, as in Keras.

        Returns
        -------
        DataFrameIterator
        """
        from ._dataframe import DataFrameIterator

        for name, message in _OLD_KEYWORDS.items():
            if name in others:
                warnings.warn(message, DeprecationWarning, stacklevel=2)
        if class_mode == "other":
            warnings.warn(
                '`class_mode="other"` is deprecated, please use `class_mode="raw"`.', DeprecationWarning, stacklevel=2
            )
            class_mode = "raw"
        return DataFrameIterator(
            dataframe,
            directory,
            cast("ImageDataGenerator", self),
            x_col=x_col,
            y_col=y_col,
            weight_col=weight_col,
            target_size=target_size,
            color_mode=color_mode,
            classes=classes,
            class_mode=class_mode,
            data_format=self.data_format,
            batch_size=batch_size,
            shuffle=shuffle,
            seed=seed,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            subset=subset,
            interpolation=interpolation,
            validate_filenames=validate_filenames,
            dtype=self.dtype,
            **{name: value for name, value in others.items() if name in _WORKER_KEYWORDS},
        )

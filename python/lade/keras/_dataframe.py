"""The class DataFrameIterator."""

from __future__ import annotations

import os
import warnings
from typing import Any

import numpy

from ._files import BatchFromFilesMixin
from ._framework import print_message
from ._iterator import Iterator

_WITHOUT_CLASSES = ("input", "multi_output", "raw", None)


def validate_filename(filename: str, white_list_formats: Any) -> bool:
    """Return whether a file exists and its name ends with one of the formats.

    Parameters
    ----------
    filename : str
        The path.
    white_list_formats : tuple of str
        The allowed suffixes, in lower case.

    Returns
    -------
    bool
    """
    return filename.lower().endswith(white_list_formats) and os.path.isfile(filename)


def _all_are(values: Any, types: Any) -> bool:
    return all(isinstance(value, types) for value in values)


def _check_columns(df: Any, x_col: Any, y_col: Any, weight_col: Any, class_mode: Any) -> None:
    """Raise a KeyError if a column is missing. The message lists the columns that exist, which pandas would not do."""
    wanted = [x_col]
    if class_mode not in ("input", None):
        wanted += list(y_col) if isinstance(y_col, (list, tuple)) else [y_col]
    if weight_col:
        wanted.append(weight_col)
    for name in wanted:
        if name not in df.columns:
            raise KeyError(f"the table has no column {name!r}: its columns are {', '.join(map(repr, df.columns))}")


def _kept(labels: Any, classes: Any, y_col: Any) -> Any:
    """Return the labels of a row that are in `classes`, or None."""
    if isinstance(labels, (list, tuple)):
        return [label for label in labels if label in classes] or None
    if isinstance(labels, str):
        return labels if labels in classes else None
    raise TypeError(f"Expect string, list or tuple but found {type(labels)} in {y_col} column ")


class DataFrameIterator(BatchFromFilesMixin, Iterator):
    """An iterator over the images that a table lists.

    ``ImageDataGenerator.flow_from_dataframe()`` describes the parameters.

    Attributes
    ----------
    class_indices : dict
        The index of each class.
    classes : list
        For each sample: its class index, or a list of indices if the sample has several classes.
    filenames : list of str
        The path of each sample, as in the table.
    samples : int
        The number of samples.
    """

    allowed_class_modes = {"binary", "categorical", "input", "multi_output", "raw", "sparse", None}

    def __init__(
        self,
        dataframe: Any,
        directory: Any = None,
        image_data_generator: Any = None,
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
        data_format: str = "channels_last",
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        interpolation: str = "nearest",
        keep_aspect_ratio: bool = False,
        dtype: Any = "float32",
        validate_filenames: bool = True,
        **workers: Any,
    ) -> None:
        self.set_processing_attrs(
            image_data_generator,
            target_size,
            color_mode,
            data_format,
            save_to_dir,
            save_prefix,
            save_format,
            subset,
            interpolation,
            keep_aspect_ratio,
        )
        df = dataframe.copy()
        self.directory = directory or ""
        self.class_mode = class_mode
        self.dtype = dtype
        self._check_params(df, x_col, y_col, weight_col, classes)
        if validate_filenames:
            df = self._filter_valid_filepaths(df, x_col)
        if class_mode not in _WITHOUT_CLASSES:
            df, classes = self._filter_classes(df, y_col, classes)
            self.class_indices = {name: index for index, name in enumerate(classes)}
        if self.split:
            df = df.iloc[int(self.split[0] * len(df)) : int(self.split[1] * len(df)), :]
        self._set_columns(df, x_col, y_col, weight_col)
        validated = "validated" if validate_filenames else "non-validated"
        belonging = "" if class_mode in _WITHOUT_CLASSES else f" belonging to {len(classes)} classes"
        print_message(f"Found {self.samples} {validated} image filenames{belonging}.")
        super().__init__(self.samples, batch_size, shuffle, seed, **workers)

    def _set_columns(self, df: Any, x_col: Any, y_col: Any, weight_col: Any) -> None:
        if self.class_mode not in _WITHOUT_CLASSES:
            self.classes = self.get_classes(df, y_col)
        self.filenames = df[x_col].tolist()
        self._sample_weight = df[weight_col].values if weight_col else None
        self._targets: Any = None
        if self.class_mode == "multi_output":
            self._targets = [numpy.array(df[column].tolist()) for column in y_col]
        if self.class_mode == "raw":
            self._targets = df[y_col].values
        self.samples = len(self.filenames)
        self._filepaths = [os.path.join(self.directory, name) for name in self.filenames]

    def _check_params(self, df: Any, x_col: Any, y_col: Any, weight_col: Any, classes: Any) -> None:
        """Check the columns. The errors and warnings are those of Keras."""
        mode = self.class_mode
        if mode not in self.allowed_class_modes:
            raise ValueError(f"Invalid class_mode: {mode}; expected one of: {self.allowed_class_modes}")
        if mode == "multi_output" and not isinstance(y_col, list):
            raise TypeError(
                f'If class_mode="{mode}", y_col must be a list. Received {type(y_col).__name__}.'
            )
        _check_columns(df, x_col, y_col, weight_col, mode)
        if not _all_are(df[x_col], str):
            raise TypeError(f"All values in column x_col={x_col} must be strings.")
        if mode in ("binary", "sparse") and not _all_are(df[y_col], str):
            raise TypeError(f'If class_mode="{mode}", y_col="{y_col}" column values must be strings.')
        if mode == "binary":
            count = len(set(classes)) if classes else df[y_col].nunique()
            if count != 2:
                found = f"{count} class/es were given." if classes else f"Found {count} classes."
                raise ValueError(f'If class_mode="binary" there must be 2 classes. {found}')
        if mode == "categorical" and not _all_are(df[y_col], (str, list, tuple)):
            raise TypeError(
                f'If class_mode="{mode}", y_col="{y_col}" column values must be type string, list or tuple.'
            )
        if classes and mode in _WITHOUT_CLASSES:
            warnings.warn(f'`classes` will be ignored given the class_mode="{mode}"', stacklevel=4)
        if weight_col and not issubclass(df[weight_col].dtype.type, numpy.number):
            raise TypeError(f"Column weight_col={weight_col} must be numeric.")

    def get_classes(self, df: Any, y_col: Any) -> list[Any]:
        """Return the class index of each row of a table.

        Parameters
        ----------
        df : pandas.DataFrame
            The table.
        y_col : str
            The column of labels.

        Returns
        -------
        list
            An index, or a list of indices, for each row.
        """
        return [
            [self.class_indices[name] for name in label] if isinstance(label, (list, tuple)) else self.class_indices[label]
            for label in df[y_col]
        ]

    @staticmethod
    def _filter_classes(df: Any, y_col: Any, classes: Any) -> tuple[Any, list[Any]]:
        """Return the rows that have a class, and the names of the classes."""
        df = df.copy()
        if classes:
            names = list(dict.fromkeys(classes))
            df[y_col] = df[y_col].apply(lambda labels: _kept(labels, names, y_col))
        else:
            found: set[Any] = set()
            for label in df[y_col]:
                found.update(label if isinstance(label, (list, tuple)) else [label])
            names = sorted(found)
        return df.dropna(subset=[y_col]), names

    def _filter_valid_filepaths(self, df: Any, x_col: Any) -> Any:
        """Return the rows whose file exists."""
        valid = numpy.array(
            [validate_filename(os.path.join(self.directory, name), self.white_list_formats) for name in df[x_col]], bool
        )
        invalid = int((~valid).sum())
        if invalid:
            warnings.warn(
                f'Found {invalid} invalid image filename(s) in x_col="{x_col}". These filename(s) will be ignored.',
                stacklevel=5,
            )
        return df[valid]

    @property
    def filepaths(self) -> Any:
        """list of str: The path of each sample."""
        return self._filepaths

    @property
    def labels(self) -> Any:
        """The label of each sample."""
        return self._targets if self.class_mode in ("multi_output", "raw") else self.classes

    @property
    def sample_weight(self) -> Any:
        """numpy.ndarray or None: The weight of each sample."""
        return self._sample_weight

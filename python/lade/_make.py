"""The functions that make flows."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ._flow import Flow
from ._process import find_process

if TYPE_CHECKING:
    from typing import Protocol, TypeVar, Unpack

    from ._options import FlowOptions

    StrPath = str | bytes | os.PathLike[str] | os.PathLike[bytes]
    Item = TypeVar("Item", covariant=True)

    class SizedSequence(Protocol[Item]):
        """An object with ``len()`` and ``[i]``."""

        def __len__(self) -> int: ...

        def __getitem__(self, index: int, /) -> Item: ...


# A flow has a ring of slots for batches. With "grow", the flow adds slots if the program holds all batches of the ring,
# so that list(flow.epoch()) works.
_DEFAULTS = {"held": "grow"}


def _complete(options: FlowOptions) -> tuple[dict[str, Any], Any]:
    """Return the options with the defaults of Python, and the process."""
    given: dict[str, Any] = {**_DEFAULTS, **options}
    process = find_process(given.get("rank"), given.get("world"))
    if process.world != 1 or process.rank != 0 or given.get("world") is not None:
        given["rank"], given["world"] = process.rank, process.world
    return given, process


def _as_array(values: Any) -> Any:
    """Return a list of numbers as an array."""
    if not isinstance(values, (list, tuple)):
        return values
    import numpy

    return numpy.asarray(values)


def flow_from_directory(directory: StrPath, **options: Unpack[FlowOptions]) -> Flow:
    """Make a flow of the images in a directory that has one folder for each class.

    Parameters
    ----------
    directory : path
        With ``class_mode=None``, the directory may also contain images but no folders.
    **options
        See :class:`FlowOptions`. The names are the same as in Keras.

    Returns
    -------
    Flow
        Threads start and images are decoded when the first batch is requested.

    Raises
    ------
    OptionError
        An option is out of range, or `directory` is a file. This is a ValueError.
    NotFoundError
        The directory does not exist, or has no images. This is a FileNotFoundError.
    AccessError
        A directory cannot be read. This is a PermissionError.

    Examples
    --------
    >>> flow = lade.flow_from_directory("photos", target_size=(224, 224), class_mode="sparse", rescale=1 / 255)
    >>> for x, y in flow.epoch():
    ...     step(torch.from_dlpack(x), torch.from_dlpack(y))
    """
    given, process = _complete(options)
    return Flow._from_directory(directory, given)._set_process(process)


def flow_from_csv(
    path: StrPath,
    *,
    x_col: str = "filename",
    y_col: str | Sequence[str] = "class",
    weight_col: str | None = None,
    directory: StrPath | None = None,
    label_separator: str | None = None,
    **options: Unpack[FlowOptions],
) -> Flow:
    """Make a flow of the images that a CSV file lists.

    Parameters
    ----------
    path : path
        The CSV file. Its first line has the names of the columns.
    x_col : str
        The column of paths.
    y_col : str or sequence of str
        The column of classes or, for ``class_mode="raw"``, one or more columns of numbers.
    weight_col : str, optional
        The column of sample weights.
    directory : path, optional
        The directory to which the paths are relative. Default: the directory of the CSV file.
    label_separator : str, optional
        The character that separates several classes in one cell, for ``class_mode="categorical"``.
    **options
        See :class:`FlowOptions`.

    Returns
    -------
    Flow

    Raises
    ------
    DataError
        The file has an error. The message begins with the path and the line.
    """
    given, process = _complete(options)
    labels = [y_col] if isinstance(y_col, str) else list(y_col)
    flow = Flow._from_csv(path, x_col, labels, weight_col, directory, label_separator, None, given)
    return flow._set_process(process)


def flow_from_dataframe(
    dataframe: Mapping[str, Any] | Any,
    directory: StrPath | None = None,
    *,
    x_col: str = "filename",
    y_col: str | Sequence[str] = "class",
    weight_col: str | None = None,
    **options: Unpack[FlowOptions],
) -> Flow:
    """Make a flow of the images that a table lists.

    Parameters
    ----------
    dataframe : pandas.DataFrame, polars.DataFrame or dict of sequences
        A table whose columns are ``dataframe[name]``.
    directory : path, optional
        The directory to which the paths are relative. Default: the working directory.
    x_col : str
        The column of paths.
    y_col : str or sequence of str
        The column of classes or, for ``class_mode="raw"``, one or more columns of numbers. A class is a string or an
        integer. For ``class_mode="categorical"``, a cell may also be a list of classes.
    weight_col : str, optional
        The column of sample weights.
    **options
        See :class:`FlowOptions`.

    Returns
    -------
    Flow

    Raises
    ------
    OptionError
        A column does not exist, or the columns have different lengths.
    """
    from ._table import table_to_csv

    given, process = _complete(options)
    labels = [y_col] if isinstance(y_col, str) else list(y_col)
    text, separator = table_to_csv(dataframe, x_col, labels, weight_col, given)
    where = os.getcwd() if directory is None else directory
    flow = Flow._from_csv("dataframe", x_col, labels, weight_col, where, separator, text, given)
    return flow._set_process(process)


def flow_from_paths(paths: Sequence[StrPath], **options: Unpack[FlowOptions]) -> Flow:
    """Make a flow of images without labels.

    Parameters
    ----------
    paths : sequence of paths
        Files, and directories that are searched for images.
    **options
        See :class:`FlowOptions`. `class_mode` is None or "input"; default None.

    Returns
    -------
    Flow
    """
    given, process = _complete(options)
    given.setdefault("class_mode", "none")
    return Flow._from_paths(paths, given)._set_process(process)


def flow_from_arrays(
    x: Any, y: Any = None, *, sample_weight: Any = None, **options: Unpack[FlowOptions]
) -> Flow:
    """Make a flow of the rows of arrays.

    Parameters
    ----------
    x : array
        Shape (n, H, W, C) with C = 1, 3 or 4; uint8, uint16 or float32; contiguous in C order. float32 images cannot be
        augmented. The array is not copied, and must not change while the flow exists. ``numpy.memmap`` works.
    y : array or list, optional
        Class indices of any integer type, of the shape (n,) or (n, 1). For ``class_mode="raw"``, numbers of the shape
        (n,) or (n, columns). Without `y`, the default of `class_mode` is None.
    sample_weight : array or list, optional
        Numbers of the shape (n,), 0 or more.
    **options
        See :class:`FlowOptions`. `target_size` and `color_mode` come from the shape of `x`.

    Returns
    -------
    Flow
    """
    given, process = _complete(options)
    y, sample_weight = _as_array(y), _as_array(sample_weight)
    if y is None:
        given.setdefault("class_mode", "none")
    return Flow._from_arrays(x, y, sample_weight, given)._set_process(process)


def flow_from_sequence(
    sequence: SizedSequence[Any],
    *,
    labels: SizedSequence[Any] | None = None,
    sample_weight: SizedSequence[float] | None = None,
    label_separator: str | None = None,
    name: str | None = None,
    **options: Unpack[FlowOptions],
) -> Flow:
    """Make a flow of the samples of any storage: LMDB, a zip file, a database, a data set of Hugging Face.

    lade chooses the order of the samples, decodes and augments the images, and can resume. Several worker threads call
    ``sequence[i]`` at the same time, so the sequence must support threads.

    Parameters
    ----------
    sequence : object with ``len()`` and ``[i]``
        ``sequence[i]`` is an image, or a pair of an image and its label. An image is the content of an image file as
        bytes, or an array of the shape (H, W, C). All arrays must have the same shape. The same `i` must always give
        the same sample.
    labels : sequence, optional
        The label of each sample. Without `labels`, the labels are the second items of the pairs ``sequence[i]``, so each
        sample is read once when the flow is made. A label is the name of a class, the index of a class or, for
        ``class_mode="raw"``, a number or a list of numbers.
    sample_weight : sequence of float, optional
        The weight of each sample.
    label_separator : str, optional
        The character that separates several classes in one label, for ``class_mode="categorical"``.
    name : str, optional
        The name of the storage, for messages.
    **options
        See :class:`FlowOptions`.

    Returns
    -------
    Flow
        If ``sequence[i]`` raises an exception, the loop over the flow raises the same exception.
    """
    from ._sequence import make_reader

    given, process = _complete(options)
    reader = make_reader(sequence, labels, sample_weight, label_separator, name, given)
    return Flow._from_reader(reader, given)._set_process(process)

"""The function `image_dataset_from_directory` of Keras 3, whose batches are NumPy arrays here."""

from __future__ import annotations

import os
from collections.abc import Iterator as Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy

from . import _framework
from ._framework import Base, print_message
from ._pictures import img_to_array, load_img
from ._resize import INTERPOLATIONS, centre_crop, resize_images

__all__ = ["ImageDataset", "image_dataset_from_directory"]

_SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png")
_LABEL_MODES = ("int", "categorical", "binary", None)


class ImageDataset(Base):
    """The batches of `image_dataset_from_directory`. Keras's `fit`, `evaluate` and `predict` accept the object.

    ``dataset[i]`` is batch i of the current epoch, and ``for`` runs through one epoch. If `shuffle` is true, each epoch
    has a new order.

    Attributes
    ----------
    class_names : list of str or None
        The names of the classes in the order of their index.
    file_paths : list of str
        The paths, in the order before the epochs are shuffled.
    """

    def __init__(self, paths: list[str], labels: Any, class_names: Any, settings: dict[str, Any]) -> None:
        super().__init__()
        self.file_paths = paths
        self.class_names = class_names
        self._labels = labels
        self._settings = settings
        self._draw = numpy.random.RandomState(settings["seed"])
        self._order = numpy.arange(len(paths))
        self.on_epoch_end()

    def on_epoch_end(self) -> None:
        """Draw the order of the next epoch."""
        if self._settings["shuffle"]:
            self._order = self._draw.permutation(len(self.file_paths))

    def __len__(self) -> int:
        """Return the number of batches of an epoch."""
        return -(-len(self.file_paths) // (self._settings["batch_size"] or 1))

    def _load(self, index: int) -> Any:
        given = self._settings
        x = img_to_array(load_img(self.file_paths[index], given["color_mode"]), "channels_last", "float32")
        size = given["image_size"]
        if given["crop_to_aspect_ratio"]:
            x = centre_crop(x, size, "channels_last")
        if given["pad_to_aspect_ratio"]:
            x = _resize_and_pad(x, size, given["interpolation"])
        else:
            x = resize_images(x, size, given["interpolation"], "channels_last")
        return x.transpose(2, 0, 1) if given["data_format"] == "channels_first" else x

    def __getitem__(self, index: int) -> Any:
        """Return a batch: the images, or a pair of images and labels."""
        if not 0 <= index < len(self):
            raise IndexError(f"batch {index} of {len(self)}")
        size = self._settings["batch_size"]
        rows = self._order[index * (size or 1) : (index + 1) * (size or 1)]
        with ThreadPoolExecutor(min(len(rows), os.cpu_count() or 1)) as pool:
            images = numpy.stack(list(pool.map(self._load, rows)))
        if self._labels is None:
            return images if size else images[0]
        labels = self._labels[rows]
        return (images, labels) if size else (images[0], labels[0])

    def __iter__(self) -> Generator[Any]:
        """Yield the batches of one epoch, and draw the order of the next epoch."""
        for index in range(len(self)):
            yield self[index]
        self.on_epoch_end()


def _resize_and_pad(x: Any, size: Any, interpolation: str) -> Any:
    """Resize an image so that it fits into `size`, and put it into the centre of a black image."""
    ratio = max(x.shape[0] / size[0], x.shape[1] / size[1])
    inner = [max(1, int(numpy.floor(side / ratio + 1e-6))) for side in x.shape[:2]]
    result = numpy.zeros((*size, x.shape[2]), "float32")
    top, left = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    result[top : top + inner[0], left : left + inner[1]] = resize_images(x, inner, interpolation, "channels_last")
    return result


def _list_files(directory: str, name: str, follow_links: bool) -> list[str]:
    """Return the image files below a directory, sorted by folder and then by name, as Keras sorts them."""
    found = []
    for folder, _, names in sorted(os.walk(os.path.join(directory, name), followlinks=follow_links)):
        found += [os.path.join(folder, file) for file in sorted(names) if file.lower().endswith(_SUFFIXES)]
    return found


def _index_classes(directory: str, class_names: Any, follow_links: bool) -> tuple[list[str], Any, list[str]]:
    """Return the paths, the label of each path and the names of the classes."""
    folders = sorted(entry.name for entry in os.scandir(directory) if entry.is_dir() and entry.name[0] != ".")
    if class_names is not None and not set(class_names) <= set(folders):
        raise ValueError(
            "The `class_names` passed did not match the names of the subdirectories of the target directory. "
            f"Expected: {folders} (or a subset of it), but received: class_names={class_names}"
        )
    names = list(class_names) if class_names is not None else folders
    files = [_list_files(directory, name, follow_links) for name in names]
    labels = numpy.repeat(numpy.arange(len(names), dtype="int32"), [len(part) for part in files])
    return [path for part in files for path in part], labels, names


def _check(given: dict[str, Any]) -> None:
    """Raise the errors of Keras for values that do not fit."""
    split, subset = given["validation_split"], given["subset"]
    if given["format"] is not None:
        raise ValueError(f"`format` does not exist in lade, because the batches are NumPy arrays: {given['format']}")
    labels = given["labels"]
    inferred = isinstance(labels, str) and labels == "inferred"
    if not inferred and labels is not None and not isinstance(labels, (list, tuple)):
        raise ValueError(f"`labels` is 'inferred', None, or a list or tuple of integers. Received: {labels}")
    if not inferred and given["class_names"]:
        raise ValueError(f"`class_names` needs labels='inferred'. Received: {given['class_names']}")
    if given["label_mode"] not in _LABEL_MODES:
        raise ValueError(f"`label_mode` is one of {_LABEL_MODES}. Received: {given['label_mode']}")
    if given["color_mode"] not in ("rgb", "rgba", "grayscale"):
        raise ValueError(f"`color_mode` is 'rgb', 'rgba' or 'grayscale'. Received: {given['color_mode']}")
    if not isinstance(given["image_size"], (list, tuple)) or len(given["image_size"]) != 2:
        raise ValueError(f"`image_size` is a pair of integers. Received: {given['image_size']}")
    if given["interpolation"] not in INTERPOLATIONS:
        raise ValueError(f"`interpolation` is one of {INTERPOLATIONS}. Received: {given['interpolation']}")
    if given["crop_to_aspect_ratio"] and given["pad_to_aspect_ratio"]:
        raise ValueError("Only one of `pad_to_aspect_ratio`, `crop_to_aspect_ratio` can be set to `True`.")
    if split and not 0 < split < 1:
        raise ValueError(f"`validation_split` must be between 0 and 1, received: {split}")
    if bool(split) != bool(subset):
        raise ValueError("If `subset` is set, `validation_split` must be set, and inversely.")
    if subset not in ("training", "validation", "both", None):
        raise ValueError(f"`subset` is 'training', 'validation' or 'both'. Received: {subset}")
    if split and given["shuffle"] and given["seed"] is None:
        raise ValueError("`validation_split` with `shuffle` needs a `seed`, because otherwise the subsets overlap")


def _encode(labels: Any, mode: str | None, classes: int) -> Any:
    if mode == "binary":
        return labels.astype("float32")[:, None]
    return numpy.eye(classes, dtype="float32")[labels] if mode == "categorical" else labels


def image_dataset_from_directory(
    directory: Any,
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Any = None,
    color_mode: str = "rgb",
    batch_size: int | None = 32,
    image_size: Any = (256, 256),
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    interpolation: str = "bilinear",
    follow_links: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    data_format: str | None = None,
    format: str | None = None,
    verbose: bool = True,
) -> Any:
    """Make batches from the images of a directory, with the classes, subsets and labels of Keras 3.

    Parameters
    ----------
    directory : path
        The directory. Each folder in it is a class, except folders whose name begins with a dot.
    labels : "inferred", list of int or None
        The label of each file in sorted order, or None for images without labels.
    label_mode : {"int", "categorical", "binary", None}
        The form of the labels.
    class_names : list of str, optional
        The classes in the order of their index. Default: all, sorted.
    color_mode : {"rgb", "rgba", "grayscale"}
        The channels.
    batch_size : int or None
        The number of images of a batch. None means single images.
    image_size : pair of int
        Height and width.
    shuffle : bool
        Shuffle the files once, and then each epoch of the training subset.
    seed : int, optional
        The seed of the orders.
    validation_split : float, optional
        The fraction of the files for validation. These are the last files after the shuffle.
    subset : {"training", "validation", "both"}, optional
        The files to use. "both" returns a list of two data sets.
    interpolation : {"bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"}
        The method of resizing, without a filter against aliasing.
    follow_links : bool
        Follow symbolic links to directories.
    crop_to_aspect_ratio, pad_to_aspect_ratio : bool
        Keep the aspect ratio: cut the image, or add black margins.
    data_format : {"channels_last", "channels_first"}, optional
        The order of the axes. Default: the setting of Keras.
    format : None
        Must be None. The batches are NumPy arrays.
    verbose : bool
        Print the numbers of files and classes.

    Returns
    -------
    ImageDataset or list of ImageDataset
        Images are arrays of float32 from 0 to 255.

    Raises
    ------
    ValueError
        If an argument does not fit, or there are no images.
    """
    given = dict(locals())
    if labels is None or label_mode is None:
        given["labels"] = given["label_mode"] = None
    given["image_size"] = (image_size, image_size) if isinstance(image_size, int) else image_size
    given["data_format"] = data_format or _framework.image_data_format()
    given["interpolation"] = interpolation.lower()
    _check(given)
    given["seed"] = numpy.random.randint(1000000) if seed is None else seed
    paths, labels, names = _index(os.fspath(directory), given)
    if given["label_mode"] == "binary" and (names is None or len(names) != 2):
        raise ValueError(f'`label_mode="binary"` needs exactly 2 classes. Received: class_names={names}')
    return _split(paths, labels, names, given)


def _index(directory: str, given: dict[str, Any]) -> tuple[list[str], Any, Any]:
    """Return the paths, labels and names in the order of Keras."""
    labels: Any = given["labels"]
    names: Any = None
    if labels == "inferred":
        paths, labels, names = _index_classes(directory, given["class_names"], given["follow_links"])
    else:
        paths = _list_files(directory, "", given["follow_links"])
        if labels is not None and len(labels) != len(paths):
            raise ValueError(f"There are {len(labels)} `labels`, but {len(paths)} files in {directory}")
        names = None if labels is None else [str(label) for label in sorted(set(labels))]
        labels = None if labels is None else numpy.asarray(labels, "int32")
    if given["verbose"]:
        print_message(f"Found {len(paths)} files" + ("." if labels is None else f" belonging to {len(names)} classes."))
    if given["shuffle"]:
        order = numpy.random.RandomState(given["seed"]).permutation(len(paths))
        paths = [paths[i] for i in order]
        labels = None if labels is None else labels[order]
    return paths, labels, names


def _split(paths: list[str], labels: Any, names: Any, given: dict[str, Any]) -> Any:
    """Return the data set of each subset."""
    held = int((given["validation_split"] or 0) * len(paths))
    cut = len(paths) - held
    parts = {"training": slice(0, cut), "validation": slice(cut, None), None: slice(None)}
    wanted = ("training", "validation") if given["subset"] == "both" else (given["subset"],)
    found = []
    for subset in wanted:
        part = parts[subset]
        chosen = paths[part]
        if subset is not None:
            print_message(f"Using {len(chosen)} files for {subset}.")
        if not chosen:
            raise ValueError(f"No {subset + ' ' if subset else ''}images found in the directory. Allowed: {_SUFFIXES}")
        encoded = None if labels is None else _encode(labels[part], given["label_mode"], len(names))
        shuffle = given["shuffle"] and not (given["subset"] == "both" and subset == "validation")
        found.append(ImageDataset(chosen, encoded, names, dict(given, shuffle=shuffle)))
    return found if given["subset"] == "both" else found[0]

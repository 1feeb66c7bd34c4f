"""Scans directories, and draws sample data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from . import _lade
from ._command import find_program

if TYPE_CHECKING:
    import os

    StrPath = str | bytes | os.PathLike[str] | os.PathLike[bytes]


class ScanProblem(NamedTuple):
    """An entry of a directory that a scan could not use."""

    path: str
    status: str
    message: str


class Scan(NamedTuple):
    """The images of a directory.

    Attributes
    ----------
    class_names : list of str
        The names of the classes, in the order of their index.
    filenames : list of str
        The path of each image, relative to the directory.
    classes : list of int
        The class index of each image.
    problems : list of ScanProblem
        Folders that cannot be read, folders without images, and links to a folder that contains the link.
    """

    class_names: list[str]
    filenames: list[str]
    classes: list[int]
    problems: list[ScanProblem]

    @property
    def class_counts(self) -> dict[str, int]:
        """dict: The number of images of each class."""
        return {name: self.classes.count(index) for index, name in enumerate(self.class_names)}

    def __repr__(self) -> str:
        return f"<lade.Scan images={len(self.filenames)} classes={self.class_counts} problems={len(self.problems)}>"


def scan(
    directory: StrPath,
    *,
    classes: Sequence[str] | None = None,
    follow_links: bool = False,
    flat: bool = False,
    all_files: bool = False,
) -> Scan:
    """Find the images of a directory and their classes, without reading the images.

    Parameters
    ----------
    directory : path
    classes : sequence of str, optional
        The class folders to use, in the order of the class indices.
    follow_links : bool
        Follow symbolic links to directories.
    flat : bool
        The directory contains images and no class folders. All images belong to one class with the name ".".
    all_files : bool
        Accept files with any suffix. The content of a file decides whether the file is an image.

    Returns
    -------
    Scan

    Raises
    ------
    NotFoundError
        The directory does not exist, or no class folder contains images.
    """
    names, files, indices, problems = _lade.scan_directory(directory, classes, follow_links, flat, all_files)
    return Scan(names, files, indices, [ScanProblem(*problem) for problem in problems])


def synth(
    directory: StrPath,
    *,
    class_count: int = 10,
    per_class: int = 200,
    size: int | tuple[int, int] = 64,
    formats: Sequence[str] = ("jpeg", "png"),
    seed: int = 0,
) -> None:
    """Draw a sample data set of simple shapes, with one folder for each shape.

    Parameters
    ----------
    directory : path
        A new or empty directory.
    class_count, per_class : int
        The number of classes, 1 to 16, and the number of images in each class.
    size : int or tuple of int
        Height and width in pixels.
    formats : sequence of str
        The file formats, which the images use in turn. A format is "jpeg", "png", "bmp" or "pnm".
    seed : int
        The same seed gives the same images.

    Raises
    ------
    ValueError
        An argument is not allowed.
    FileNotFoundError
        The command `lade`, which draws the images, is not installed.
    """
    import subprocess

    height, width = (size, size) if isinstance(size, int) else size
    arguments = ["--class-count", class_count, "--per-class", per_class, "--size", f"{height}x{width}"]
    arguments += ["--formats", ",".join(formats), "--seed", seed]
    command = [find_program(), "synth", *map(str, arguments), "--json", "--", directory]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise ValueError(result.stderr.strip() or f"lade synth ended with the code {result.returncode}")

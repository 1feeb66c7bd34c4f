"""Makes data sets for the tests. They consist of small PPM files, which lade decodes without a library."""

import random
from pathlib import Path

import pytest

CLASSES = ("ant", "bee", "cat")


def write_image(path: Path, seed: int, size: int = 12) -> None:
    pixels = random.Random(seed).randbytes(size * size * 3)
    path.write_bytes(b"P6 %d %d 255\n" % (size, size) + pixels)


def write_tree(root: Path, per_class: int = 10, classes: tuple[str, ...] = CLASSES) -> Path:
    for c, name in enumerate(classes):
        (root / name).mkdir(parents=True)
        for i in range(per_class):
            write_image(root / name / f"{i:03}.ppm", 1000 * c + i)
    return root


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with 3 classes of 10 images of 12x12 pixels."""
    return write_tree(tmp_path_factory.mktemp("data") / "tree")

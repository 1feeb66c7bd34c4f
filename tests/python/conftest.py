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


@pytest.fixture(scope="session")
def photos(tmp_path_factory):
    """Return a directory with the folders train, test and mask, each with two classes."""
    np = pytest.importorskip("numpy")
    Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    root = tmp_path_factory.mktemp("notebooks")
    draw = np.random.RandomState(2)
    for part in ("train", "test", "mask"):
        for name in ("cats", "dogs"):
            (root / part / name).mkdir(parents=True)
            for i in range(7 if name == "cats" else 6):
                blocks = draw.randint(0, 256, (6, 7, 3)).astype("uint8")
                image = Image.fromarray(np.kron(blocks, np.ones((6, 5, 1), "uint8")))
                image.convert("L" if part == "mask" else "RGB").save(root / part / name / f"{name}.{i}.png")
    return root


@pytest.fixture(scope="session")
def arrays():
    """Return 20 images of float32, and their labels as rows with a single 1."""
    np = pytest.importorskip("numpy")
    draw = np.random.RandomState(4)
    return draw.uniform(0, 255, (20, 16, 16, 3)).astype("float32"), np.eye(4)[draw.randint(0, 4, 20)]

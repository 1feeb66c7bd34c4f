"""Runs the examples of examples/python on small data, and checks their types with mypy."""

import importlib.util
import os
import re
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import CLASSES

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "python"
PACKAGE = next(path for path in sys.path if (Path(path) / "lade").is_dir())


def load(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def coloured(label, count, size, seed):
    """Noise with a brighter channel, which a net can learn in a few steps."""
    images = np.random.default_rng(seed + label).integers(0, 150, (count, size, size, 3), np.uint8)
    images[..., label] += 100
    return images


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    root = tmp_path_factory.mktemp("examples") / "photos"
    for label, name in enumerate(CLASSES):
        (root / name).mkdir(parents=True)
        for i, image in enumerate(coloured(label, 20, 40, 0)):
            (root / name / f"{i:03}.ppm").write_bytes(b"P6 40 40 255\n" + image.tobytes())
    return root


@pytest.fixture(scope="module")
def arrays(tmp_path_factory):
    path = tmp_path_factory.mktemp("examples") / "cifar.npz"
    parts = {}
    for part, count, seed in (("train", 160, 10), ("test", 20, 20)):
        parts[f"x_{part}"] = np.concatenate([coloured(label, count, 32, seed) for label in range(3)])
        parts[f"y_{part}"] = np.repeat(np.arange(3), count)
    np.savez(path, **parts)
    return path


def test_fine_tuning_continues_at_the_checkpoint(photos, tmp_path):
    pytest.importorskip("torch", reason="torch is not installed")
    example = load("finetune_torch")
    options = [str(photos), "--size", "32", "--batch-size", "8", "--epochs"]
    whole = example.main([*options, "8"])
    assert whole > 0.8
    checkpoint = ["--checkpoint", str(tmp_path / "run.pt")]
    example.main([*options, "3", *checkpoint])
    assert example.main([*options, "8", *checkpoint]) == pytest.approx(whole)


def test_cifar_in_torch(arrays):
    pytest.importorskip("torch", reason="torch is not installed")
    assert load("cifar_torch").main([str(arrays), "--epochs", "3"]) > 0.8


def test_cifar_in_jax(arrays):
    pytest.importorskip("jax", reason="jax is not installed")
    assert load("cifar_jax").main([str(arrays), "--epochs", "8"]) > 0.8


def test_a_database(photos, tmp_path):
    path = tmp_path / "photos.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE images (id INTEGER PRIMARY KEY, label TEXT, content BLOB)")
        for file in sorted(photos.rglob("*.ppm")):
            database.execute("INSERT INTO images (label, content) VALUES (?, ?)", (file.parent.name, file.read_bytes()))
    assert load("sqlite_sequence").main([str(path)]) == dict.fromkeys(CLASSES, 20)


def test_two_processes_with_gloo(photos):
    pytest.importorskip("torch", reason="torch is not installed")
    with socket.socket() as s:
        s.bind(("localhost", 0))
        port = str(s.getsockname()[1])
    path = os.pathsep.join(p for p in sys.path if p)
    processes = []
    try:
        for rank in range(2):
            variables = {"RANK": str(rank), "WORLD_SIZE": "2", "MASTER_ADDR": "localhost", "MASTER_PORT": port}
            processes.append(
                subprocess.Popen(
                    [sys.executable, str(EXAMPLES / "ddp_torch.py"), str(photos)], stdout=subprocess.PIPE, text=True,
                    stderr=subprocess.PIPE, env={**os.environ, **variables, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
                )
            )  # fmt: skip
        outputs = [p.communicate(timeout=100) for p in processes]
    finally:
        for p in processes:
            p.kill()
    assert [p.returncode for p in processes] == [0, 0], outputs
    found = [re.search(r"rank (\d) of 2: samples (\d+), checksum (\S+)", out).groups() for out, _ in outputs]
    # 60 images make 7 batches of 8, and each process has 4 samples of each batch.
    assert [(rank, samples) for rank, samples, _ in found] == [("0", "56"), ("1", "56")]
    assert found[0][2] == found[1][2]


def check_types(*command):
    result = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=300,
                            env={**os.environ, "MYPYPATH": PACKAGE})  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("what", [[], ["--strict", "examples/python"]], ids=["package", "examples"])
def test_types_with_mypy(what):
    pytest.importorskip("mypy", reason="mypy is not installed")
    check_types("mypy", "--cache-dir", os.devnull, *what)


def test_types_with_pyright():
    """The section tool.pyright of pyproject.toml selects the package and the examples."""
    pytest.importorskip("pyright", reason="pyright is not installed")
    check_types("pyright", "--pythonpath", sys.executable)

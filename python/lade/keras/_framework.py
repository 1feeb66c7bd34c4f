"""Finds Keras. The base class of the iterators depends on the installed Keras, and it is chosen when this module is imported."""

from __future__ import annotations

import importlib
import logging
import sys
from typing import Any


def _import(name: str) -> Any:
    """Return a module, or None if it is missing or has no backend."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def find_framework() -> Any:
    """Return the module `keras` or `tf_keras`, or None.

    If the program has imported only `tf_keras`, the result is `tf_keras`. In all other cases `keras` comes first.
    """
    if "tf_keras" in sys.modules and "keras" not in sys.modules:
        return _import("tf_keras")
    return _import("keras") or _import("tf_keras")


class Plain:
    """The base class of the iterators if Keras is not installed. It stores the attributes of a PyDataset."""

    def __init__(self, workers: int = 1, use_multiprocessing: bool = False, max_queue_size: int = 10) -> None:
        self.workers = workers
        self.use_multiprocessing = use_multiprocessing
        self.max_queue_size = max_queue_size


class _SequenceBase:
    """Accepts the arguments of a PyDataset for a Sequence of Keras 2, whose constructor has no arguments."""

    def __init__(self, workers: int = 1, use_multiprocessing: bool = False, max_queue_size: int = 10) -> None:
        super().__init__()
        self.workers = workers
        self.use_multiprocessing = use_multiprocessing
        self.max_queue_size = max_queue_size


framework: Any = find_framework()
"""The module of Keras, or None."""


def _base_class() -> type[Any]:
    utils = getattr(framework, "utils", None)
    base = getattr(utils, "PyDataset", None)
    if base is not None and not str(getattr(framework, "__version__", "3")).startswith("2."):
        return base  # type: ignore[no-any-return]
    sequence = getattr(utils, "Sequence", None)
    if sequence is not None:
        return type("Sequence", (_SequenceBase, sequence), {})
    return Plain


Base: Any = _base_class()
"""PyDataset for Keras 3, Sequence for tf_keras, and a plain class without Keras."""


def _setting(name: str, default: str) -> str:
    for holder in (getattr(framework, "config", None), getattr(framework, "backend", None)):
        function = getattr(holder, name, None)
        if function is not None:
            return str(function())
    return default


def floatx() -> str:
    """Return Keras's setting floatx, or "float32"."""
    return _setting("floatx", "float32")


def image_data_format() -> str:
    """Return Keras's setting image_data_format, or "channels_last"."""
    return _setting("image_data_format", "channels_last")


def print_message(message: str) -> None:
    """Print a line, as Keras does: to stdout, or to a log if interactive logging is off."""
    config = getattr(framework, "config", None)
    enabled = getattr(config, "is_interactive_logging_enabled", None)
    if enabled is None or enabled():
        sys.stdout.write(message + "\n")
        sys.stdout.flush()
    else:
        logging.getLogger("lade.keras").info(message)

"""Puts the old names of Keras back in place, so that programs run that do not import lade.keras themselves.

Only `install()` changes modules of Keras. It stores each old value, and `uninstall()` restores the values.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import sys
from typing import Any

from . import _framework

__all__ = ["install", "uninstall"]

# Modules in which old programs look for the classes, below the package of Keras.
_MODULES = ("preprocessing.image", "_tf_keras.keras.preprocessing.image", "src.legacy.preprocessing.image")
_CLASSES = ("DataFrameIterator", "DirectoryIterator", "ImageDataGenerator", "Iterator", "NumpyArrayIterator")
_OLD_PACKAGE = "keras_preprocessing"
_missing = object()
_changes: list[tuple[Any, str, Any]] = []
_entries: list[str] = []


def _set_workers(data: Any, given: dict[str, Any]) -> None:
    """Store the arguments that the fit() of Keras 3 refuses in the iterator, which has attributes for them."""
    for name in ("workers", "use_multiprocessing", "max_queue_size"):
        if name in given and hasattr(data, name):
            setattr(data, name, given[name])


def _steps(value: Any) -> Any:
    """Return the number of batches that Keras 2 drew for `value`, which old programs compute with a true division."""
    return value if value is None else math.ceil(value)


def fit_generator(
    self: Any,
    generator: Any,
    steps_per_epoch: Any = None,
    epochs: int = 1,
    verbose: Any = 1,
    callbacks: Any = None,
    validation_data: Any = None,
    validation_steps: Any = None,
    validation_freq: Any = 1,
    class_weight: Any = None,
    max_queue_size: int = 10,
    workers: int = 1,
    use_multiprocessing: bool = False,
    shuffle: bool = True,
    initial_epoch: int = 0,
) -> Any:
    """Train a model, with the arguments of `Model.fit_generator` of Keras 2."""
    given = {"max_queue_size": max_queue_size, "workers": workers, "use_multiprocessing": use_multiprocessing}
    _set_workers(generator, given)
    _set_workers(validation_data, given)
    return self.fit(
        generator,
        steps_per_epoch=_steps(steps_per_epoch),
        epochs=epochs,
        verbose=verbose,
        callbacks=callbacks,
        validation_data=validation_data,
        validation_steps=_steps(validation_steps),
        validation_freq=validation_freq,
        class_weight=class_weight,
        shuffle=shuffle,
        initial_epoch=initial_epoch,
    )


def evaluate_generator(
    self: Any,
    generator: Any,
    steps: Any = None,
    callbacks: Any = None,
    max_queue_size: int = 10,
    workers: int = 1,
    use_multiprocessing: bool = False,
    verbose: Any = 0,
) -> Any:
    """Evaluate a model, with the arguments of `Model.evaluate_generator` of Keras 2."""
    given = {"max_queue_size": max_queue_size, "workers": workers, "use_multiprocessing": use_multiprocessing}
    _set_workers(generator, given)
    return self.evaluate(generator, steps=_steps(steps), callbacks=callbacks, verbose=verbose)


def predict_generator(
    self: Any,
    generator: Any,
    steps: Any = None,
    callbacks: Any = None,
    max_queue_size: int = 10,
    workers: int = 1,
    use_multiprocessing: bool = False,
    verbose: Any = 0,
) -> Any:
    """Predict with a model, with the arguments of `Model.predict_generator` of Keras 2."""
    given = {"max_queue_size": max_queue_size, "workers": workers, "use_multiprocessing": use_multiprocessing}
    _set_workers(generator, given)
    return self.predict(generator, steps=_steps(steps), callbacks=callbacks, verbose=verbose)


def _set(holder: Any, name: str, value: Any) -> None:
    _changes.append((holder, name, vars(holder).get(name, _missing)))
    setattr(holder, name, value)


def _find_module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def install() -> None:
    """Put the old names of Keras back in place.

    - The five classes of the image generators in `keras.preprocessing.image`, and in the modules with which
      `tensorflow.keras` and `keras.src.legacy` offer them, are the classes of lade. Functions that the modules of
      Keras do not have any more are added. Functions that they have stay.
    - The package `keras_preprocessing` becomes importable, if it is not installed.
    - `keras.Model` has `fit_generator`, `evaluate_generator` and `predict_generator`, if it does not have them.

    A second call changes nothing. `uninstall()` restores all values.

    Raises
    ------
    ImportError
        If neither Keras nor tf_keras is installed.
    """
    keras = _framework.framework
    if keras is None:
        raise ImportError("lade.keras.install() needs Keras, which is not installed")
    if _changes or _entries:
        return
    image = importlib.import_module("lade.keras.preprocessing.image")
    for path in _MODULES:
        module = _find_module(f"{keras.__name__}.{path}")
        if module is None:
            continue
        for name in image.NAMES:
            if name in _CLASSES or not hasattr(module, name):
                _set(module, name, getattr(image, name))
    for function in (fit_generator, evaluate_generator, predict_generator):
        if not hasattr(keras.Model, function.__name__):
            _set(keras.Model, function.__name__, function)
    if _OLD_PACKAGE not in sys.modules and importlib.util.find_spec(_OLD_PACKAGE) is None:
        own = "lade.keras.preprocessing"
        for name in [own, *(found for found in list(sys.modules) if found.startswith(own + "."))]:
            old = _OLD_PACKAGE + name.removeprefix(own)
            sys.modules[old] = sys.modules[name]
            _entries.append(old)


def uninstall() -> None:
    """Undo `install()`. Without an earlier `install()`, nothing changes."""
    while _changes:
        holder, name, old = _changes.pop()
        if old is _missing:
            delattr(holder, name)
        else:
            setattr(holder, name, old)
    while _entries:
        sys.modules.pop(_entries.pop(), None)

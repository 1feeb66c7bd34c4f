"""Feeds a net from any iterable of Python."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ._errors import OptionError
from ._flow import Flow


def _refuse(name: str, message: str) -> OptionError:
    return OptionError(message, "LADE_EINVAL", name)


class Source:
    """An endless source of batches, made of an iterable of ``(x, y)`` or ``(x, y, sample_weight)``.

    Each epoch reads the iterable once, from its start. An iterator, such as a generator, must yield enough batches for all
    epochs. `x` becomes float32 or stays uint8; `y` becomes float32 of the shape (n, ...).
    """

    def __init__(self, iterable: Iterable[Any], name: str, steps: int | None, outputs: int) -> None:
        if not hasattr(iterable, "__iter__") and not hasattr(iterable, "__getitem__"):
            raise TypeError(f"the {name} is a {type(iterable).__name__}: it must be a lade.Flow or an iterable of (x, y)")
        self._iterable = iterable
        self._name = name
        self._iterator: Iterator[Any] = iter(iterable)
        if steps is None:
            try:
                steps = len(iterable)  # type: ignore[arg-type]
            except TypeError:
                raise _refuse(
                    f"{name}_steps" if name == "validation" else "steps_per_epoch",
                    f"the {name} is a {type(iterable).__name__}, which has no len(): give "
                    + ("validation_steps" if name == "validation" else "steps_per_epoch"),
                ) from None
        self.steps = int(steps)
        self._first = self._convert(self._take())
        x, y, _ = self._first
        self.sample_shape = tuple(int(n) for n in x.shape[1:])
        self.samples = self.steps * int(x.shape[0])
        # Labels with one column are class indices if the net has several outputs.
        self.classes = int(y.shape[1]) if y.shape[1] > 1 else outputs
        self.has_state = callable(getattr(iterable, "state_dict", None)) and callable(
            getattr(iterable, "load_state_dict", None)
        )

    def _take(self) -> Any:
        for _ in range(2):
            for item in self._iterator:
                return item
            self._iterator = iter(self._iterable)
        raise _refuse(
            self._name,
            f"the {self._name} has ended: an iterator needs enough batches for all epochs, and a list at least one batch",
        )

    def _convert(self, item: Any) -> tuple[Any, Any, Any]:
        import numpy

        if not isinstance(item, (tuple, list)) and not hasattr(item, "indices"):
            raise TypeError(f"the {self._name} yielded a {type(item).__name__}: it must yield (x, y)")
        parts = list(item)
        if len(parts) not in (2, 3):
            raise TypeError(f"the {self._name} yielded {len(parts)} items: it must yield (x, y) or (x, y, sample_weight)")
        x = numpy.asarray(parts[0])
        x = numpy.ascontiguousarray(x, numpy.uint8 if x.dtype == numpy.uint8 else numpy.float32)
        y = numpy.ascontiguousarray(parts[1], numpy.float32)
        y = y.reshape(len(y), -1) if y.ndim else y
        weight = None
        if len(parts) == 3 and parts[2] is not None:
            weight = numpy.ascontiguousarray(parts[2], numpy.float32).reshape(-1)
        if x.ndim < 2 or y.ndim < 1 or len(x) != len(y) or (weight is not None and len(weight) != len(x)):
            shapes = [numpy.shape(part) for part in parts]
            raise _refuse(
                self._name,
                f"the {self._name} yielded arrays of the shapes {shapes}: they must have the same number of rows, and x "
                "at least 2 dimensions",
            )
        return x, y, weight

    def next_batch(self) -> tuple[Any, Any, Any]:
        """Return the next batch as arrays that are contiguous in C order."""
        if self._first is not None:
            batch, self._first = self._first, None  # type: ignore[assignment]
            return batch
        return self._convert(self._take())

    def get_state(self) -> str:
        """Return the position of the iterable, as JSON."""
        return json.dumps(self._iterable.state_dict())  # type: ignore[attr-defined]

    def set_state(self, text: str) -> None:
        """Continue at a position that get_state() has returned."""
        self._iterable.load_state_dict(json.loads(text))  # type: ignore[attr-defined]
        self._iterator = iter(self._iterable)
        self._first = None  # type: ignore[assignment]


def make_source(source: Any, name: str, steps: int | None, outputs: int) -> Any:
    """Return `source` if it is a Flow, and a Source otherwise."""
    return source if isinstance(source, Flow) else Source(source, name, steps, outputs)

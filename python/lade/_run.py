"""Training runs, and their metrics."""

from __future__ import annotations

import atexit
import math
import sys
import weakref
from collections.abc import Generator
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from . import _lade


@dataclass(frozen=True)
class Metrics:
    """The metrics of a training run, at the end of an epoch or after some steps.

    Attributes
    ----------
    epoch, epochs : int
        The number of the epoch, from 0, and the number of all epochs.
    step, steps, samples : int
        The steps of the epoch so far, the steps of an epoch, and the samples of the epoch so far.
    epoch_end : bool
        True if the item is the end of an epoch. False if the item is yielded because of the option `yield_every`.
    replayed : bool
        True for an epoch that is yielded again (option `replay`).
    loss, accuracy : float
        The means over the samples of the epoch so far. Each batch is measured before the update that uses the batch.
    val_loss, val_accuracy : float
        The results of the validation at the end of an epoch; otherwise NaN.
    seconds, wait_seconds, images_per_s : float
        The time of the steps of the epoch so far, the part of this time in which the run waited for the source, and the
        speed.
    last_lr, lr : float
        The learning rates of the last and of the next step.
    best_epoch : int
        The number of the best epoch so far; -1 if there is no validation.
    """

    epoch: int
    epochs: int
    step: int
    steps: int
    samples: int
    epoch_end: bool
    replayed: bool
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    seconds: float
    wait_seconds: float
    images_per_s: float
    last_lr: float
    lr: float
    best_epoch: int

    def __str__(self) -> str:
        text = f"epoch {self.epoch + 1}/{self.epochs}  loss {self.loss:.4f}  accuracy {self.accuracy:.4f}"
        if not math.isnan(self.val_loss):
            text += f"  val_loss {self.val_loss:.4f}  val_accuracy {self.val_accuracy:.4f}"
        return text


_open_runs: weakref.WeakSet[Run] = weakref.WeakSet()


@atexit.register
def _close_runs() -> None:
    """Close all runs before the interpreter ends.

    The interpreter calls this function before _close_flows(), which closes the flows that the runs use.
    """
    for run in list(_open_runs):
        run.close()


class Run(Generator[Metrics, "float | None", None]):
    """A training run, which is a generator of Metrics.

    The run trains when the next item is requested. ``break`` and ``close()`` end the run. ``send(lr)`` sets the
    learning rate of the next step. In a notebook, a run shows the curves of its losses.

    Attributes
    ----------
    history : list of Metrics
        The metrics of each finished epoch.
    """

    def __init__(self, run: _lade.Run, progress: bool, hide_steps: bool) -> None:
        self._run = run
        self._progress = progress
        self._hide_steps = hide_steps
        self._closed = False
        self.history: list[Metrics] = []
        _open_runs.add(self)

    def __iter__(self) -> Run:
        return self

    def __next__(self) -> Metrics:
        return self.send(None)

    def send(self, lr: float | None = None) -> Metrics:
        """Return the next item. If `lr` is not None, first set the learning rate of the next step."""
        if self._closed:
            raise StopIteration
        if lr is not None:
            self._run.set_lr(lr)
        while True:
            try:
                values = self._run.next()
            except BaseException:
                self.close()
                raise
            if values is None:
                self.close()
                raise StopIteration
            item = Metrics(**values)
            if self._progress:
                self._draw(item)
            if item.epoch_end:
                self.history.append(item)
            if item.epoch_end or not self._hide_steps:
                return item

    def throw(
        self,
        kind: Any,
        value: BaseException | object = None,
        traceback: TracebackType | None = None,
    ) -> Metrics:
        """End the run and raise the exception."""
        self.close()
        if isinstance(kind, BaseException):
            raise kind
        raise kind if value is None else kind(value)

    def close(self) -> None:
        """End the run. If the run has the option `checkpoint`, the checkpoint is written."""
        if not self._closed:
            self._closed = True
            self._run.close()

    def _draw(self, item: Metrics) -> None:
        filled = 24 * item.step // max(item.steps, 1)
        end = "\n" if item.epoch_end else ""
        sys.stderr.write(f"\r[{'#' * filled}{'.' * (24 - filled)}] {item}{end}")
        sys.stderr.flush()

    def _repr_html_(self) -> str:
        from ._display import curves

        return curves(self.history)

"""The class Flow."""

from __future__ import annotations

import atexit
import weakref
from collections.abc import Iterator
from types import TracebackType
from typing import Any, NamedTuple

from . import _lade
from ._process import Process

_open_flows: weakref.WeakSet[Flow] = weakref.WeakSet()


@atexit.register
def _close_flows() -> None:
    """Close all flows before the interpreter ends, because their workers may call functions of Python."""
    for flow in list(_open_flows):
        flow.close()


class InvalidFile(NamedTuple):
    """A file that could not be read or decoded."""

    sample: int
    filename: str
    epoch: int
    step: int
    status: str
    message: str


class Flow(_lade.Flow):
    """An endless stream of batches, made by ``lade.flow_from_directory()`` and similar functions.

    ``for batch in flow`` is endless. ``for x, y in flow.epoch()`` is one epoch. ``len(flow)`` is the number of batches
    of an epoch. The same seed gives the same bytes, with any number of workers or ranks.

    The flow stores its position, which is the batch that comes next. A new loop continues at this position.

    Worker threads decode batches in advance. ``close()``, the end of a ``with`` statement, and the end of the last
    reference to the flow end the threads. Batches and arrays stay valid.
    """

    process: Process
    """The rank and the world of this process, and where they come from."""

    def _set_process(self, process: Process) -> Flow:
        self.process = process
        _open_flows.add(self)
        return self

    # ---- Batches ------------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return self.steps

    def epoch(self) -> Iterator[_lade.Batch]:
        """Return an iterator over the batches until the end of the current epoch.

        At the beginning of an epoch, these are all batches of the epoch. After ``load_state_dict()`` or a loop that was
        left early, these are the remaining batches.

        Yields
        ------
        Batch
            Unpacks as ``x, y``, or as ``x, y, sample_weight``.
        """
        return _lade.Epoch(self)

    # ---- Position -----------------------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Return the position, as a small dict that can be stored as JSON.

        The dict also contains the options, so that loading it into a different flow is an error. After batch k has been
        returned, the position is batch k + 1.
        """
        import json

        state: dict[str, Any] = json.loads(self._state())
        return state

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue at the position of a state.

        The number of workers and of ranks may be different from the flow that was saved.

        Raises
        ------
        OptionError
            An option, or the files of a class, are not the same as in the flow that was saved. `subject` is the name of
            the option or class.
        DataError
            `state` does not come from ``state_dict()``.
        """
        import json

        if not isinstance(state, dict):
            raise TypeError(f"the state must be a dict of state_dict(), not {type(state).__name__}")
        self._resume(json.dumps(state))

    # ---- Properties ---------------------------------------------------------------------------------------------------

    @property
    def class_indices(self) -> dict[str, int]:
        """dict: The index of each class name."""
        return {name: index for index, name in enumerate(self.class_names)}

    @property
    def batch_size(self) -> int:
        """int: The number of samples of a batch, of all ranks together."""
        size: int = self.options["batch_size"]
        return size

    @property
    def invalid_files(self) -> list[InvalidFile]:
        """list of InvalidFile: The invalid files in the batches that were returned so far."""
        return [
            InvalidFile(sample, self.filename(sample), epoch, step, status, message)
            for sample, epoch, step, status, message in self._invalid_files()
        ]

    def _repr_png_(self) -> bytes | None:
        """Return a contact sheet of the first batch, for notebooks. The position of the flow does not change."""
        from ._display import contact_sheet

        return None if self.closed else contact_sheet(self.batch(0, 0))

    def __repr__(self) -> str:
        if self.closed:
            return "<lade.Flow (closed)>"
        process = ""
        if self.process.world > 1 or self.process.origin != "default":
            process = f" rank={self.process.rank} world={self.process.world} ({self.process.origin})"
        return f"<lade.Flow samples={self.samples} steps={self.steps} classes={len(self.class_names)} " \
               f"sample_shape={self.sample_shape}{process}>"

    # ---- The end ------------------------------------------------------------------------------------------------------

    def __enter__(self) -> Flow:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __reduce__(self) -> str:
        raise TypeError("a lade.Flow cannot be pickled: make the flow in the process that uses it, or use os.fork()")

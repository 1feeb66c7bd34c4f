"""The class Flow."""

from __future__ import annotations

import atexit
import weakref
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

from . import _lade
from ._process import Process

if TYPE_CHECKING:
    import numpy.typing as npt

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

    Worker threads decode batches in advance. The threads end after ``close()``, at the end of a ``with`` statement, and
    when the last reference to the flow is removed. Batches and arrays stay valid.
    """

    process: Process
    """The rank of this process, the number of processes (world), and the origin of these two numbers."""

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

    # ---- Plans --------------------------------------------------------------------------------------------------------

    max_plans = _lade.MAX_PLANS
    """The largest number of plans that can wait."""

    def submit(
        self,
        samples: Any,
        *,
        transforms: Any = None,
        crops: Any = None,
        seeds: Any = None,
        draws: Any = None,
        epoch: int = 0,
        step: int = 0,
        position: int = 0,
    ) -> None:
        """Submit a plan: choose the samples of a batch and, optionally, the random changes of each sample.

        ``next(flow)`` returns the batches of all waiting plans, in the order in which the plans were submitted, and then
        continues with the epoch. The worker threads make the batches in advance, so submit some plans before you read
        the first batch. A batch of a plan does not change the position of the flow. ``load_state_dict()`` and Ctrl-C in
        ``fit()`` or ``batch()`` discard the waiting plans.

        Any thread may call ``submit()``, also while another thread waits in ``next(flow)``.

        Parameters
        ----------
        samples : sequence of int
            The number of the sample of each row, which is an index of `filenames`. At most `batch_size` samples. A
            sample may occur several times.
        transforms : array of ``transforms(n)`` or sequence of dict, optional
            The changes of each row. A dict has the fields of ``transforms()`` as its keys. A field that is left out or
            None changes nothing, so a dict of Keras's ``get_random_transform()`` can be used. Default: changes are drawn
            with the options of the flow.
        crops : sequence of (x, y, width, height), optional
            The part of each image that becomes the sample, in pixels. Allowed with ``crop="random"`` only. Default:
            parts are drawn.
        seeds, draws : sequence of int, optional
            The numbers with which the changes of each row are drawn, as for (seed, epoch, sample) in an epoch. Default:
            the option `seed`, and the number of the sample.
        epoch, step : int
            The numbers of the batch: ``batch.epoch`` and ``batch.step``.
        position : int
            The position of the first row in its epoch, for ``Digest`` and for the names of saved images.

        Raises
        ------
        OptionError
            An argument is invalid. `subject` is the name of the argument or of the field.
        StateError
            `max_plans` plans wait, or the flow needs statistics and has none.

        Examples
        --------
        >>> flow.submit([7, 7, 7], transforms=[{"theta": angle} for angle in (-20, 0, 20)])
        >>> x, y = next(flow)  # sample 7 three times
        """
        from ._plan import arrays_of_plan

        self._submit(*arrays_of_plan(samples, transforms, crops, seeds, draws, self.options), epoch, step, position)

    def transforms(self, n: int) -> npt.NDArray[Any]:
        """Return an array of `n` transforms that change nothing, for ``submit()``.

        Parameters
        ----------
        n : int
            The number of rows.

        Returns
        -------
        numpy.ndarray
            A structured array of the shape (n,). ``array["theta"]`` is the array of the angles. The changes are applied
            in the order of this list:

            - theta: degrees, counter-clockwise
            - tx, ty: pixels; column x of the result is column x + tx of the image
            - shear: degrees
            - zx, zy: the fraction of the width and of the height that the result shows
            - channel_shift_intensity, of the shape (n, 4): the number that is added to each colour
            - flip_horizontal, flip_vertical: bool
            - brightness, contrast, saturation: factors
            - hue: the fraction of the circle by which the hue is turned
            - sharpness: a factor
            - posterize: the number of bits to keep, or 0
            - solarize: the threshold, or 0
            - autocontrast, equalize: bool
            - erasing: a rectangle with the fields x, y, width, height and value

            fill_mode (0: nearest, 1: constant, 2: reflect, 3: wrap), cval, interpolation_order and quirks have the
            values of the options of the flow.
        """
        from ._plan import make_transforms

        return make_transforms(n, self.options)

    # ---- Position -----------------------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Return the position, as a small dict that can be stored as JSON.

        The dict also contains the options, so that a flow with different options rejects the dict. After batch k has
        been returned, the position is batch k + 1.
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
            An option or the files of a class differ from the flow that was saved. `subject` is the name of the option
            or class.
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
        """int: The number of samples in a batch. All ranks together make one batch."""
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

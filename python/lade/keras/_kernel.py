"""Makes the images of a batch with a lade.Flow, which decodes and transforms on all cores."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy

from .._errors import Error

if TYPE_CHECKING:
    import numpy.typing as npt

    from .._flow import Flow

_FILL_MODES = {"nearest": 0, "constant": 1, "reflect": 2, "wrap": 3}
_QUIRKS_KERAS3 = 1
_LARGEST_PLAN = 256
_CHUNKS_AHEAD = 4


def supports(generator: Any) -> bool:
    """Return whether lade has a kernel for the options of the generator."""
    order = generator.interpolation_order
    return isinstance(order, int) and order in (0, 1) and generator.fill_mode in _FILL_MODES


def make_transforms(rows: Sequence[Mapping[str, Any]], generator: Any) -> npt.NDArray[Any] | None:
    """Return the plan of dicts of get_random_transform(), or None if a dict contains values that lade does not support."""
    from .. import _lade
    from .._plan import TRANSFORM

    array = numpy.zeros(len(rows), TRANSFORM)
    array["fill_mode"] = _FILL_MODES[generator.fill_mode]
    array["quirks"] = _QUIRKS_KERAS3
    try:
        array["cval"] = generator.cval
        array["interpolation_order"] = generator.interpolation_order or _lade.OFF
        for name, neutral in (("theta", 0), ("tx", 0), ("ty", 0), ("shear", 0), ("zx", 1), ("zy", 1)):
            array[name] = [row.get(name, neutral) for row in rows]
        for name in ("flip_horizontal", "flip_vertical"):
            array[name] = [bool(row.get(name, False)) for row in rows]
        shifts = [row.get("channel_shift_intensity") for row in rows]
        array["channel_shift_intensity"] = numpy.array([shift or 0 for shift in shifts], float)[:, None]
        # In C, 0 means no change of brightness. In Keras, None means no change, and 0 means black.
        factors = [row.get("brightness") for row in rows]
        array["brightness"] = [0 if factor is None else factor or _lade.OFF for factor in factors]
    except (TypeError, ValueError):
        return None
    return None if not (array["zx"].all() and array["zy"].all()) else array


class Kernel:
    """A flow that makes the images of plans. Several threads may call run() and finish() at the same time.

    The batches of a flow come in the order of the plans, so each plan has a number. A thread that waits for its batch
    stores the batches of other threads until these threads want them.
    """

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._submitting = threading.Lock()
        self._collecting = threading.Lock()
        self._dropping = threading.Lock()
        self._dropped: set[int] = set()
        self._submitted = self._collected = 0
        self._waiting: dict[int, Any] = {}
        self.broken = False
        self.capacity = min(flow.batch_size, flow.samples)

    def submit(self, samples: npt.NDArray[Any], transforms: npt.NDArray[Any] | None) -> int:
        """Submit a plan, and return its number."""
        with self._submitting:
            self._flow._submit(samples, transforms, None, None, None, 0, self._submitted, 0)
            self._submitted += 1
            return self._submitted - 1

    def _next_result(self) -> Any:
        """Return the next batch of the flow, or its error. After an interrupt, the order of the plans is not known."""
        try:
            batch = next(self._flow)
        except Error as error:
            return error
        except BaseException:
            self.broken = True
            raise
        if batch.step != self._collected:
            self.broken = True
            return Error("the plans were discarded", "LADE_ESTATE", "plan")
        return batch

    def drop(self, number: int) -> None:
        """Discard the images of a plan when they are ready."""
        with self._dropping:
            self._dropped.add(number)

    def finish(self, number: int) -> npt.NDArray[Any]:
        """Return the images of a plan. An error of the flow is raised."""
        with self._collecting:
            while self._collected <= number:
                result = self._next_result()
                with self._dropping:
                    unwanted = self._collected in self._dropped
                    self._dropped.discard(self._collected)
                if not unwanted:
                    self._waiting[self._collected] = result
                self._collected += 1
        result = self._waiting.pop(number)
        if isinstance(result, Error):
            raise result
        return numpy.asarray(result.x)

    def run(self, samples: npt.NDArray[Any], transforms: npt.NDArray[Any] | None) -> npt.NDArray[Any]:
        """Return the images of any number of samples."""
        if len(samples) <= self.capacity:
            return self.finish(self.submit(samples, transforms))
        x: Any = None
        pending: list[tuple[int, int]] = []
        starts = list(range(0, len(samples), self.capacity))
        while starts or pending:
            if starts and len(pending) < _CHUNKS_AHEAD:
                first = starts.pop(0)
                rows = slice(first, first + self.capacity)
                pending.append((first, self.submit(samples[rows], None if transforms is None else transforms[rows])))
                continue
            first, number = pending.pop(0)
            part = self.finish(number)
            if x is None:
                x = numpy.empty((len(samples), *part.shape[1:]), part.dtype)
            x[first : first + len(part)] = part
        return x  # type: ignore[no-any-return]


def _make_flow(function: Any, *arguments: Any, **options: Any) -> Any:
    """Return a flow, or None if lade refuses the options or the files."""
    try:
        return function(*arguments, **options, class_mode=None, quirks="keras3", dtype="float32", rank=0, world=1)
    except (Error, TypeError, ValueError, OverflowError):
        return None


class Kernels:
    """The kernels of one iterator. A kernel is made again when an option or a path is not the same as before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._options: Any = None
        self._paths: list[Any] = []
        self._kernel: Kernel | None = None
        self._pixels: npt.NDArray[Any] | None = None

    def of_files(
        self, options: Mapping[str, Any], paths: Sequence[Any], index_array: Any, chosen: Sequence[Any], rows: int
    ) -> tuple[Kernel | None, npt.NDArray[Any]]:
        """Return a kernel for files, or None, and the numbers of its samples."""
        from .._make import flow_from_paths

        numbers = numpy.asarray(index_array, numpy.int64)
        numbers = numpy.where(numbers < 0, numbers + len(paths), numbers)
        size = max(1, min(rows, _LARGEST_PLAN))
        options = {**options, "batch_size": size}
        with self._lock:
            known = self._paths
            broken = self._kernel is not None and self._kernel.broken
            if broken or self._options != options or not all(
                j < len(known) and known[j] == path for j, path in zip(numbers.tolist(), chosen, strict=True)
            ):
                self._options, self._paths = options, list(paths)
                flow = _make_flow(flow_from_paths, self._paths, **options)
                # If a path is a directory, the flow has other samples than the list.
                self._kernel = Kernel(flow) if flow is not None and flow.samples == len(self._paths) else None
            return self._kernel, numbers

    def run_on_pixels(
        self, pixels: npt.NDArray[numpy.uint8], transforms: npt.NDArray[Any] | None, data_format: str, rescale: float
    ) -> Any:
        """Copy pixels into the array of a flow, and return its images."""
        from .._make import flow_from_arrays

        if data_format == "channels_first":
            pixels = numpy.moveaxis(pixels, 1, 3)
        with self._lock:
            options = {"data_format": data_format, "rescale": rescale, "batch_size": _LARGEST_PLAN}
            known = self._pixels
            broken = self._kernel is not None and self._kernel.broken
            small = known is None or len(known) < len(pixels) or known.shape[1:] != pixels.shape[1:]
            if known is None or small or broken or self._options != options:
                self._options = options
                self._pixels = known = numpy.empty(pixels.shape, numpy.uint8)
                flow = _make_flow(flow_from_arrays, known, **options)
                self._kernel = None if flow is None else Kernel(flow)
            if self._kernel is None:
                return None
            known[: len(pixels)] = pixels
            return self._kernel.run(numpy.arange(len(pixels)), transforms)

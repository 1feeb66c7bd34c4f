"""Makes the next batch in advance. The program cannot notice this, except that it waits less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy

from ._draws import get_state

if TYPE_CHECKING:
    import numpy.typing as npt

    from ._kernel import Kernel

_MISSES = 2


class Ahead:
    """A plan of the batch that next() will probably return.

    The plan is made from the numbers that the next call would draw now, and then the state of numpy.random is set back.
    The next call draws its numbers as if there were no plan. If they are the same, and the kernel is the same, the
    images of the plan are used. Otherwise the plan is dropped. So any change of an attribute, of a path or of the state
    of numpy.random between two batches has its effect. If plans are often dropped, no more plans are made.
    """

    def __init__(self) -> None:
        self._plan: tuple[Kernel, bytes, bytes, int] | None = None
        self._misses = 0
        self._ready = False

    def wanted(self) -> bool:
        """Return whether a plan for the next batch is useful. It is not for the first batch of an iterator."""
        ready, self._ready = self._ready, True
        return ready and self._plan is None and self._misses < _MISSES

    def offer(self, kernel: Kernel, samples: npt.NDArray[Any], transforms: npt.NDArray[Any]) -> None:
        """Submit the plan of the next batch."""
        if len(samples) <= kernel.capacity:
            number = kernel.submit(samples, transforms)
            self._plan = kernel, samples.tobytes(), transforms.tobytes(), number

    def take(self, kernel: Kernel, samples: npt.NDArray[Any], transforms: npt.NDArray[Any]) -> int | None:
        """Return the number of the plan if it has these samples and changes, or None."""
        plan, self._plan = self._plan, None
        if plan is None:
            return None
        planned, planned_samples, planned_transforms, number = plan
        if planned is kernel and planned_samples == samples.tobytes() and planned_transforms == transforms.tobytes():
            self._misses = 0
            return number
        self._misses += 1
        planned.drop(number)
        return None


def next_rows(iterator: Any) -> npt.NDArray[Any] | None:
    """Draw the order of the next batch as next() does, without a change of the iterator, and return its samples."""
    if iterator.seed is not None:
        numpy.random.seed(iterator.seed + iterator.total_batches_seen)
    order = iterator.index_array
    if iterator.batch_index == 0:
        order = numpy.random.permutation(iterator.n) if iterator.shuffle else numpy.arange(iterator.n)
    first = (iterator.batch_index * iterator.batch_size) % iterator.n if iterator.n else 0
    return None if order is None else order[first : first + iterator.batch_size]


class kept_state:
    """Sets the state of numpy.random back at the end of a `with` statement."""

    def __enter__(self) -> None:
        self._state = get_state()

    def __exit__(self, *error: object) -> None:
        numpy.random.set_state(self._state)

"""Draws random numbers in the order of Keras 3, from the global generator of numpy.random."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy

if TYPE_CHECKING:
    from ._generator import ImageDataGenerator


def _draw_shift(value: Any, size: int) -> Any:
    """Draw a shift in pixels. An integer or a list means one of several values, and a float means a range."""
    if not value:
        return 0
    try:
        shift = numpy.random.choice(value)
        shift *= numpy.random.choice([-1, 1])
    except ValueError:
        shift = numpy.random.uniform(-value, value)
    return shift * size if numpy.max(value) < 1 else shift


def draw_transform(generator: ImageDataGenerator, shape: Sequence[int]) -> dict[str, Any]:
    """Draw the changes of one image. The values and their order are the same as in Keras's get_random_transform()."""
    uniform, random = numpy.random.uniform, numpy.random.random
    theta = uniform(-generator.rotation_range, generator.rotation_range) if generator.rotation_range else 0
    tx = _draw_shift(generator.height_shift_range, shape[generator.row_axis - 1])
    ty = _draw_shift(generator.width_shift_range, shape[generator.col_axis - 1])
    shear = uniform(-generator.shear_range, generator.shear_range) if generator.shear_range else 0
    low, high = generator.zoom_range[0], generator.zoom_range[1]
    zx, zy = (1, 1) if low == 1 and high == 1 else uniform(low, high, 2)
    # Both numbers are drawn even if the flips are off. The type of the value may be any type that bool supports.
    flip_horizontal = (random() < 0.5) * generator.horizontal_flip
    flip_vertical = (random() < 0.5) * generator.vertical_flip
    shift, brightness = None, None
    if generator.channel_shift_range != 0:
        shift = uniform(-generator.channel_shift_range, generator.channel_shift_range)
    if generator.brightness_range is not None:
        brightness = uniform(generator.brightness_range[0], generator.brightness_range[1])
    return {
        "theta": theta,
        "tx": tx,
        "ty": ty,
        "shear": shear,
        "zx": zx,
        "zy": zy,
        "flip_horizontal": flip_horizontal,
        "flip_vertical": flip_vertical,
        "channel_shift_intensity": shift,
        "brightness": brightness,
    }


# ---- The state of numpy.random ------------------------------------------------------------------------------------------


def get_state() -> Any:
    """Return the state of the global generator."""
    return numpy.random.get_state(legacy=False)


def same_state(a: Any, b: Any) -> bool:
    """Return whether nothing was drawn between two calls of get_state()."""
    first, second = a["state"], b["state"]
    return bool(
        first.get("pos") == second.get("pos")
        and a.get("has_gauss") == b.get("has_gauss")
        and (first["key"] == second["key"]).all()
    )


# ---- The order of threads -----------------------------------------------------------------------------------------------


class DrawLock:
    """A lock that a thread holds while it draws the numbers of a batch.

    All iterators draw from the same generator of NumPy, so there is one lock for all of them. The lock can be entered
    several times by the same thread. done() frees it before the end of the `with` statements, so that another thread
    can draw while this thread waits for its images.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread = threading.local()

    def __enter__(self) -> None:
        depth = getattr(self._thread, "depth", 0)
        if depth == 0:
            self._lock.acquire()
            self._thread.held = True
        self._thread.depth = depth + 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._thread.depth -= 1
        if self._thread.depth == 0:
            self.done()

    def done(self) -> None:
        """Free the lock: all numbers of the batch have been drawn."""
        if getattr(self._thread, "held", False):
            self._thread.held = False
            self._lock.release()

    def renew(self) -> None:
        """Make the lock free in a forked child, because the thread that held it may not exist there."""
        self.__init__()  # type: ignore[misc]


draw_lock = DrawLock()
os.register_at_fork(after_in_child=draw_lock.renew)

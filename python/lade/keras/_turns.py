"""The order in which several threads draw the random numbers of their batches."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

# Seconds that a thread waits for the batches before its own: while no other thread makes a batch, and while one does.
_SHORT = 0.02
_LONG = 5.0


class Turns:
    """Lets threads that request ``it[0]``, ``it[1]``, ... at the same time draw in the order of these numbers.

    The thread that made the iterator never waits, so a program with one thread can use any order. Another thread whose
    batch is not the next one waits until the batches before it have been drawn. If no thread requests these batches, the
    program uses another order. Then no thread waits any more in this iterator, and the numbers are drawn in the order of
    the requests, as in Keras.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._home = threading.get_ident()
        self._next = 0
        self._active = 0
        self._ordered = True
        self._changed = 0.0

    def _note(self) -> None:
        self._changed = time.monotonic()
        self._condition.notify_all()

    def begin_epoch(self) -> None:
        """Expect batch 0."""
        with self._condition:
            self._next = 0
            self._note()

    def taken(self, idx: int, batches: int) -> None:
        """Note that the numbers of batch `idx` are drawn now."""
        with self._condition:
            self._next = (idx + 1) % batches
            self._note()

    def _wait(self, idx: int) -> None:
        start = time.monotonic()
        while self._ordered and idx != self._next:
            patience = _LONG if self._active else _SHORT
            left = max(start, self._changed) + patience - time.monotonic()
            if left <= 0:
                self._ordered = False
                self._note()
                return
            self._condition.wait(left)

    @contextmanager
    def turn(self, idx: int) -> Generator[None]:
        """Wait for the turn of batch `idx`."""
        with self._condition:
            if threading.get_ident() != self._home:
                self._wait(idx)
            self._active += 1
        try:
            yield
        finally:
            with self._condition:
                self._active -= 1
                self._note()

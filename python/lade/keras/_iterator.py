"""The class Iterator: the order of the samples, and the random numbers of each batch."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Iterator as Generator
from typing import TYPE_CHECKING, Any

import numpy

from ._draws import draw_lock
from ._framework import Base
from ._turns import Turns

if TYPE_CHECKING:
    import numpy.typing as npt

# The attributes that a pickle does not contain, because they belong to this process.
_LOCAL = ("lock", "index_generator", "_turns", "_maker", "_in_next")


_iterators: weakref.WeakSet[Iterator] = weakref.WeakSet()


def _renew_locks() -> None:
    """Make new locks in a forked child, because another thread of the parent may hold the old locks."""
    for iterator in list(_iterators):
        iterator._make_local()


os.register_at_fork(after_in_child=_renew_locks)


class Iterator(Base):
    """An endless iterator over batches, and the base class of the iterators of ImageDataGenerator.

    ``next(it)`` and ``it[i]`` return batches. ``it[i]`` is batch i of the current order. The attributes can be changed
    at any time, and the next batch uses the new values.

    Parameters
    ----------
    n : int
        The number of samples.
    batch_size : int
        The number of samples of a batch. The last batch of an epoch may be shorter.
    shuffle : bool
        Use a new order in each epoch.
    seed : int or None
        ``numpy.random`` gets the seed `seed` + `total_batches_seen` before each batch.
    **kwargs
        `workers`, `use_multiprocessing` and `max_queue_size`, which Keras's ``fit()`` reads.
    """

    white_list_formats = ("png", "jpg", "jpeg", "bmp", "ppm", "tif", "tiff")
    index_array: Any

    def __init__(self, n: int, batch_size: int, shuffle: bool, seed: int | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.n = n
        self.batch_size = batch_size
        self.seed = seed
        self.shuffle = shuffle
        self.batch_index = 0
        self.total_batches_seen = 0
        self.index_array = None
        self._make_local()
        self.index_generator = self._flow_index()

    def _make_local(self) -> None:
        _iterators.add(self)
        self.lock = threading.Lock()
        self._turns = Turns()
        self._maker: Any = None
        self._in_next = False

    # ---- The order ----------------------------------------------------------------------------------------------------

    def _set_index_array(self) -> None:
        self.index_array = numpy.random.permutation(self.n) if self.shuffle else numpy.arange(self.n)

    def _set_seed(self) -> None:
        if self.seed is not None:
            numpy.random.seed(self.seed + self.total_batches_seen)

    def __len__(self) -> int:
        return (self.n + self.batch_size - 1) // self.batch_size

    def reset(self) -> None:
        """Begin a new epoch with the next batch of ``next()``. The random numbers are not reset."""
        self.batch_index = 0

    def on_epoch_end(self) -> None:
        """Make the order of the next epoch for ``it[i]``. Keras calls this method."""
        with draw_lock:
            self._set_index_array()
            self._turns.begin_epoch()

    def _flow_index(self) -> Generator[npt.NDArray[Any]]:
        self.reset()
        yield from self._indices()

    def _indices(self) -> Generator[npt.NDArray[Any]]:
        while True:
            self._set_seed()
            if self.batch_index == 0:
                self._set_index_array()
            first = (self.batch_index * self.batch_size) % self.n if self.n else 0
            last = first + self.batch_size
            self.batch_index = self.batch_index + 1 if self.n > last else 0
            self.total_batches_seen += 1
            yield self.index_array[first:last]

    # ---- Batches ------------------------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator:
        return self

    def __next__(self) -> Any:
        return self.next()

    def next(self) -> Any:
        """Return the next batch.

        Returns
        -------
        array or tuple
            x, or (x, y), or (x, y, sample_weight).
        """
        with draw_lock:
            with self.lock:
                index_array = next(self.index_generator)
            self._in_next = True
            return self._get_batches_of_transformed_samples(index_array)

    def __getitem__(self, idx: int) -> Any:
        if idx >= len(self):
            raise ValueError(f"Asked to retrieve element {idx}, but the Sequence has length {len(self)}")
        with self._turns.turn(idx), draw_lock:
            self._set_seed()
            self.total_batches_seen += 1
            if self.index_array is None:
                self._set_index_array()
            self._turns.taken(idx, len(self))
            self._in_next = False
            order: Any = self.index_array
            rows = order[self.batch_size * idx : self.batch_size * (idx + 1)]
            return self._get_batches_of_transformed_samples(rows)

    def _get_batches_of_transformed_samples(self, index_array: npt.NDArray[Any]) -> Any:
        """Return the batch of these samples. The classes for arrays, directories and tables define this method."""
        raise NotImplementedError

    def _may_draw_early(self) -> bool:
        """Return whether no method of a subclass can draw random numbers after the numbers of a batch."""
        return type(self)._get_batches_of_transformed_samples.__module__.startswith("lade.keras.")

    # ---- Names of old versions ---------------------------------------------------------------------------------------------

    @property
    def nb_sample(self) -> int:
        """int: The number of samples."""
        return self.n

    N = nb_sample

    @property
    def nb_class(self) -> int:
        """int: The number of classes."""
        return int(getattr(self, "num_classes", 0) or len(getattr(self, "class_indices", ())))

    num_class = nb_class

    # ---- Pickling -----------------------------------------------------------------------------------------------------

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in _LOCAL}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._make_local()
        changed = type(self)._flow_index is not Iterator._flow_index
        self.index_generator = self._flow_index() if changed else self._indices()

"""JAX: batches as arrays of jax, without a copy of the pixels where jax runs on the CPU.

>>> flow = lade.flow_from_directory("photos", target_size=(224, 224), class_mode="sparse", rescale=1 / 255)
>>> for x, y in lade.jax.loader(flow):
...     params = step(params, x, y)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy
import numpy

from ._flow import Flow
from ._lade import Batch, Tensor
from ._loader import Position, is_class_index

__all__ = ["Loader", "arrays", "loader"]


def arrays(batch: Batch, *, class_index: bool = False) -> tuple[jax.Array, ...]:
    """Return the arrays of a batch: ``(x, y)``, ``(x, y, sample_weight)`` or, without labels, ``(x,)``.

    Parameters
    ----------
    batch : Batch
        The arrays use the memory of the batch, and hold references to this memory. They stay valid after the batch and
        the flow are deleted.
    class_index : bool
        The labels are class indices. `y` is then a copy with the shape (n,) and the type int32.
    """
    x = _array(batch.x)
    if batch.y is None:
        return (x,)
    if batch.y is batch.x:
        y = x
    elif class_index:
        y = jax.numpy.asarray(_labels(batch.y))
    else:
        y = _array(batch.y)
    weight = batch.sample_weight
    return (x, y) if weight is None else (x, y, _array(weight))


def _labels(y: Tensor) -> Any:
    return y.numpy().reshape(-1).astype(numpy.int32)


def _array(t: Tensor) -> jax.Array:
    # jax cannot import an empty array.
    return jax.dlpack.from_dlpack(t) if t.size else jax.numpy.zeros(t.shape, t.dtype)


class Loader(Position):
    """The epochs of a flow as arrays of jax. :func:`loader` returns a Loader.

    ``for x, y in loader`` is one epoch or, after a loop that was left early, the rest of the epoch. ``len(loader)`` is
    the number of batches of an epoch.
    """

    def __init__(self, flow: Flow, sharding: Any = None) -> None:
        if not isinstance(flow, Flow):
            raise TypeError(f"flow must be a lade.Flow, not {type(flow).__name__}")
        self.flow = flow
        self.sharding = sharding
        self._class_index = is_class_index(flow)

    def _shard(self, batch: Batch) -> tuple[jax.Array, ...]:
        y = batch.y
        parts: list[Any] = [batch.x.numpy()]
        if y is not None:
            parts.append(parts[0] if y is batch.x else _labels(y) if self._class_index else y.numpy())
        if batch.sample_weight is not None:
            parts.append(batch.sample_weight.numpy())
        make_array: Any = jax.make_array_from_process_local_data  # has no type hints
        return tuple(make_array(self.sharding, part) for part in parts)

    def __iter__(self) -> Iterator[tuple[jax.Array, ...]]:
        for batch in self.flow.epoch():
            result = arrays(batch, class_index=self._class_index) if self.sharding is None else self._shard(batch)
            # Remove this reference to the batch, because the flow reuses the memory only after the last reference is
            # removed.
            del batch
            yield result
            del result


def loader(flow: Flow, sharding: Any = None) -> Loader:
    """Return the epochs of a flow as arrays of jax.

    Parameters
    ----------
    flow : Flow
        Any flow. The loader continues at the position of the flow. After ``jax.distributed.initialize()``, a new flow
        uses ``jax.process_index()`` and ``jax.process_count()`` as its rank and world.
    sharding : jax.sharding.Sharding, optional
        How each batch is divided among the devices of all processes. Each process gives its own part of the batch.
        Default: one array on the device of the CPU, without a copy.

    Returns
    -------
    Loader
        Yields ``(x, y)``, ``(x, y, sample_weight)`` or, without labels, ``(x,)``. For ``class_mode="sparse"``, `y` has
        the shape (n,) and the type int32. Other labels have the shape and the type of the flow.

    Examples
    --------
    >>> mesh = jax.make_mesh((jax.device_count(),), ("data",))
    >>> sharding = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec("data"))
    >>> for x, y in lade.jax.loader(flow, sharding):
    ...     params = step(params, x, y)
    """
    return Loader(flow, sharding)

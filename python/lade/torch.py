"""PyTorch: batches as tensors of torch, without a copy of the pixels.

>>> flow = lade.flow_from_directory("photos", target_size=(224, 224), class_mode="sparse", rescale=1 / 255)
>>> for x, y in lade.torch.loader(flow, device="cuda"):
...     loss = torch.nn.functional.cross_entropy(model(x), y)
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import torch
from torch.utils.data import IterableDataset, get_worker_info

from ._errors import OptionError
from ._flow import Flow
from ._lade import Batch, Tensor
from ._loader import Position, is_class_index

__all__ = ["Loader", "loader", "tensors"]

_REASON = (
    "it must be 0, because the flow already decodes on threads of its own, and worker processes would repeat its "
    "batches. Set the number of threads with the option `workers` of the flow"
)


def _tensor(t: Tensor) -> torch.Tensor:
    result: torch.Tensor = torch.from_dlpack(t)  # type: ignore[attr-defined, unused-ignore]
    return result


def tensors(batch: Batch, *, channels_last: bool = False, class_index: bool = False) -> tuple[torch.Tensor, ...]:
    """Return the tensors of a batch: ``(x, y)``, ``(x, y, sample_weight)`` or, without labels, ``(x,)``.

    Parameters
    ----------
    batch : Batch
        The tensors use the memory of the batch, and hold references to this memory. They stay valid after the batch and
        the flow are deleted.
    channels_last : bool
        The images have the shape (n, H, W, C). `x` is then a view of the shape (n, C, H, W) in torch's memory format
        channels_last.
    class_index : bool
        The labels are class indices. `y` is then a copy with the shape (n,) and the type int64.
    """
    x = _tensor(batch.x)
    if channels_last:
        x = x.permute(0, 3, 1, 2)
    if batch.y is None:
        return (x,)
    if batch.y is batch.x:
        y = x
    else:
        y = _tensor(batch.y)
        if class_index:
            y = y.reshape(-1).to(torch.int64)
    weight = batch.sample_weight
    return (x, y) if weight is None else (x, y, _tensor(weight))


class Loader(Position, IterableDataset[Any]):
    """The epochs of a flow as tensors of torch. :func:`loader` returns a Loader.

    ``for x, y in loader`` is one epoch or, after a loop that was left early, the rest of the epoch. ``len(loader)`` is
    the number of batches of an epoch.

    A Loader is also an ``IterableDataset``, for libraries that need a ``DataLoader``:
    ``DataLoader(loader, batch_size=None)``, with ``num_workers=0``.
    """

    def __init__(self, flow: Flow, device: Any = None, pin_memory: bool = False) -> None:
        if not isinstance(flow, Flow):
            raise TypeError(f"flow must be a lade.Flow, not {type(flow).__name__}")
        if pin_memory and not torch.cuda.is_available():
            warnings.warn("pin_memory has no effect, because torch has no GPU", stacklevel=3)
            pin_memory = False
        self.flow = flow
        self.device = None if device is None else torch.device(device)
        self.pin_memory = pin_memory
        self._channels_last = flow.options["data_format"] == "channels_last"
        self._class_index = is_class_index(flow)

    def _move(self, t: torch.Tensor) -> torch.Tensor:
        if self.pin_memory:
            t = t.pin_memory()
        return t if self.device is None else t.to(self.device, non_blocking=self.pin_memory)

    def __iter__(self) -> Iterator[tuple[torch.Tensor, ...]]:
        worker = get_worker_info()
        if worker is not None:
            raise OptionError(f"num_workers is {worker.num_workers}: {_REASON}", "LADE_EINVAL", "num_workers")
        return self._batches()

    def _batches(self) -> Iterator[tuple[torch.Tensor, ...]]:
        for batch in self.flow.epoch():
            result = tensors(batch, channels_last=self._channels_last, class_index=self._class_index)
            # Remove this reference to the batch, because the flow reuses the memory only after the last reference is
            # removed.
            del batch
            yield tuple(map(self._move, result)) if self.pin_memory or self.device is not None else result
            del result

    def __reduce__(self) -> Any:
        raise OptionError(f"num_workers is not 0: {_REASON}", "LADE_EINVAL", "num_workers")


def loader(flow: Flow, device: Any = None, pin_memory: bool = False) -> Loader:
    """Return the epochs of a flow as tensors of torch.

    Parameters
    ----------
    flow : Flow
        Any flow. The loader continues at the position of the flow.
    device : torch.device or str, optional
        The device to which each batch is copied. Default: the batches stay in the memory of the flow, without a copy.
    pin_memory : bool
        Copy each batch to page-locked memory, because the copy from such memory to a GPU can run in the background.
        Without a GPU, a warning is printed and the option has no effect.

    Returns
    -------
    Loader
        Yields ``(x, y)``, ``(x, y, sample_weight)`` or, without labels, ``(x,)``. `x` has the shape (n, C, H, W), as
        the layers of torch expect. For ``data_format="channels_last"`` (the default), `x` is a view in torch's memory
        format channels_last. For ``class_mode="sparse"``, `y` has the shape (n,) and the type int64. Other labels have
        the shape and the type of the flow.

    Raises
    ------
    OptionError
        A ``DataLoader`` around the loader has `num_workers` other than 0. This is a ValueError.

    Examples
    --------
    >>> train = lade.torch.loader(flow)
    >>> for epoch in range(10):
    ...     for x, y in train:
    ...         loss = torch.nn.functional.cross_entropy(model(x), y)
    """
    return Loader(flow, device, pin_memory)

"""TensorFlow: the epochs of a flow as a ``tf.data.Dataset``.

>>> flow = lade.flow_from_directory("photos", target_size=(224, 224), class_mode="sparse", rescale=1 / 255)
>>> model.fit(lade.tf.dataset(flow), epochs=10)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import tensorflow as tf

from ._flow import Flow
from ._lade import Batch
from ._loader import is_class_index

__all__ = ["dataset"]


def _signature(elements: Any) -> Any:
    """Return the signature of batches that have any number of samples."""
    if isinstance(elements, tuple):
        return tuple(map(_signature, elements))
    return tf.TensorSpec((None, *elements.shape[1:]), elements.dtype)


def _arrays(batch: Batch, class_index: bool) -> Any:
    x = batch.x.numpy()
    if batch.y is None:
        return x
    y = x if batch.y is batch.x else batch.y.numpy()
    if class_index:
        y = y.reshape(-1).astype("int64")
    weight = batch.sample_weight
    return (x, y) if weight is None else (x, y, weight.numpy())


def dataset(flow: Flow) -> Any:
    """Return the epochs of a flow as a ``tf.data.Dataset``.

    Each iteration over the dataset is one epoch or, after a loop that was left early, the rest of the epoch.

    Parameters
    ----------
    flow : Flow
        Any flow. The dataset continues at the position of the flow. If ``prefetch(n)`` is called on the dataset,
        TensorFlow takes n batches in advance, so the position of the flow is n batches ahead of the program.

    Returns
    -------
    tf.data.Dataset
        The elements are ``(x, y)``, ``(x, y, sample_weight)`` or, without labels, ``x``, with the shapes and types of
        the flow. For ``class_mode="sparse"``, `y` has the shape (n,) and the type int64. TensorFlow copies each batch
        once.
    """
    if not isinstance(flow, Flow):
        raise TypeError(f"flow must be a lade.Flow, not {type(flow).__name__}")
    class_index = is_class_index(flow)

    def epoch() -> Iterator[Any]:
        for batch in flow.epoch():
            yield _arrays(batch, class_index)

    # A single batch shows whether the flow has weights, and the number of columns of the labels.
    signature = _signature(_arrays(flow.batch(0, 0), class_index))
    return tf.data.Dataset.from_generator(epoch, output_signature=signature)

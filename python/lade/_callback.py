"""Calls functions of the user on the worker threads of a flow."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._lade import Tensor


def make_preprocessing(function: Callable[[Any], Any]) -> Callable[[Tensor], None]:
    """Return a function that replaces the elements of a tensor by the result of `function`.

    `function` gets a NumPy array of the shape (H, W, C) or (C, H, W), as in Keras. It returns an array of the same
    shape, or it changes its argument in place and returns the argument or None.
    """
    import numpy

    def preprocess(tensor: Tensor) -> None:
        array = numpy.asarray(tensor)
        result = function(array)
        if result is None or result is array:
            return
        result = numpy.asarray(result)
        if result.shape != array.shape:
            raise ValueError(
                f"preprocessing_function returned an array of the shape {result.shape}: it must be {array.shape}"
            )
        array[...] = result

    return preprocess

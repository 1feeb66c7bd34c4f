"""Makes the images of a batch: with a lade.Flow if nobody can notice a difference, and image by image otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy

from .._errors import Error
from ._ahead import Ahead, kept_state, next_rows
from ._draws import draw_lock, get_state, same_state
from ._kernel import Kernel, Kernels, make_transforms, supports

if TYPE_CHECKING:
    import numpy.typing as npt

_STEPS = ("samplewise_center", "samplewise_std_normalization", "featurewise_center", "featurewise_std_normalization",
          "zca_whitening")  # fmt: skip


def _is_original(generator: Any, name: str) -> bool:
    """Return whether a method of the generator is the method of this package."""
    method = getattr(type(generator), name, None)
    return getattr(method, "__module__", "").startswith("lade.keras.") and name not in vars(generator)


def _calls_user(generator: Any) -> bool:
    """Return whether standardize() calls a function of the user."""
    return bool(generator) and (bool(generator.preprocessing_function) or not _is_original(generator, "standardize"))


def _only_rescales(generator: Any) -> bool:
    return not _calls_user(generator) and not any(getattr(generator, name) for name in _STEPS)


def kernel_rescale(generator: Any) -> float | None:
    """Return the factor that the kernel can apply as the whole standardisation, or None."""
    if not generator:
        return 0.0
    factor = generator.rescale
    usable = not factor or (isinstance(factor, float) and 1e-30 < abs(factor) < 1e30)
    return float(factor or 0) if usable and _only_rescales(generator) else None


def kernel_allowed(iterator: Any, generator: Any) -> bool:
    """Return whether the options and the methods of the generator are those that lade's kernel computes."""
    if not generator:
        return True
    return (
        _is_original(generator, "apply_transform")
        and generator.data_format == iterator.data_format
        and supports(generator)
    )


class Maker:
    """Makes the images of the batches of one iterator.

    The iterator has the methods `_load_row(j)`, which returns image j as an array, and `_kernel_rows(...)`, which makes
    images with a kernel, or returns None.
    """

    def __init__(self, iterator: Any) -> None:
        self._iterator = iterator
        self._function_draws = False
        self._kernels = Kernels()
        self._ahead = Ahead()
        # These two attributes belong to the batch of the thread that has the lock.
        self._draws_end = self._looks_ahead = False

    def find_kernel(self, options: Any, paths: Any, index_array: Any, chosen: Any) -> Any:
        """Return a kernel for files, and the numbers of its samples. The kernel is None if lade cannot read the files."""
        return self._kernels.of_files(options, paths, index_array, chosen, self._iterator.batch_size)

    def run_on_pixels(self, pixels: npt.NDArray[Any], transforms: Any, rescale: float) -> Any:
        """Return the images that a kernel makes of pixels, or None."""
        return self._kernels.run_on_pixels(pixels, transforms, self._iterator.data_format, rescale)

    def make(self, index_array: npt.NDArray[Any], shape: Sequence[int]) -> npt.NDArray[Any]:
        """Draw the numbers of a batch, and return its images."""
        iterator = self._iterator
        generator = iterator.image_data_generator
        self._shape = tuple(shape)
        self._draws_end = self._looks_ahead = False
        fast = len(index_array) > 0 and kernel_allowed(iterator, generator)
        if _calls_user(generator) or (generator and not _is_original(generator, "apply_transform")):
            return self._with_function(generator, index_array, shape) if fast else self._slowly(index_array, shape)
        changes = [generator.get_random_transform(tuple(shape)) for _ in index_array] if generator else None
        self._draws_end = not iterator.save_to_dir and iterator._may_draw_early()
        self._looks_ahead = self._draws_end and bool(generator) and self._is_predictable(generator)
        x = self._fast_rows(generator, index_array, changes) if fast else None
        self._free_lock()
        return self._slowly(index_array, shape, changes) if x is None else x

    # ---- The batch of a plan ------------------------------------------------------------------------------------------

    def _free_lock(self) -> None:
        """Let other threads draw if all numbers of this batch have been drawn."""
        if self._draws_end:
            draw_lock.done()

    def _is_predictable(self, generator: Any) -> bool:
        """Return whether this is a batch of next(), and no method that chooses the samples or draws is overridden."""
        iterator = self._iterator
        return (
            bool(iterator._in_next)
            and all(_is_original(iterator, name) for name in ("next", "__next__", "_flow_index", "_set_index_array"))
            and _is_original(generator, "get_random_transform")
        )

    def _look_ahead(self, kernel: Kernel) -> None:
        with kept_state():
            rows = next_rows(self._iterator)
            if rows is None or not len(rows):
                return
            generator = self._iterator.image_data_generator
            changes = [generator.get_random_transform(self._shape) for _ in rows]
        transforms = make_transforms(changes, generator)
        if transforms is not None:
            try:
                self._ahead.offer(kernel, numpy.asarray(rows, numpy.int64), transforms)
            except Error:
                return  # the paths have changed

    def run_plan(self, kernel: Kernel, samples: npt.NDArray[Any], transforms: Any) -> npt.NDArray[Any]:
        """Return the images of a plan, and make the next batch in advance."""
        if not self._looks_ahead or len(samples) > kernel.capacity:
            self._free_lock()
            return kernel.run(samples, transforms)
        number = self._ahead.take(kernel, samples, transforms)
        if number is None:
            number = kernel.submit(samples, transforms)
        if self._ahead.wanted():
            self._look_ahead(kernel)
        self._free_lock()
        return kernel.finish(number)

    def _transformed(self, generator: Any, index_array: Any, changes: Any, rescale: float) -> Any:
        """Return the images of the kernel, or None if it cannot make them."""
        iterator = self._iterator
        transforms = None
        if changes is not None:
            if iterator.data_format == "channels_first" and any(c.get("brightness") is not None for c in changes):
                return None
            transforms = make_transforms(changes, generator)
            if transforms is None:
                return None
        try:
            return iterator._kernel_rows(index_array, transforms, rescale)
        except Error:
            return None  # the slow path either makes the images or raises the error of Keras

    def _fast_rows(self, generator: Any, index_array: Any, changes: Any) -> Any:
        rescale = kernel_rescale(generator)
        x = self._transformed(generator, index_array, changes, rescale or 0)
        if x is None:
            return None
        if rescale is not None:
            return x if x.dtype == self._iterator.dtype else x.astype(self._iterator.dtype)
        batch = self._batch_for(x)
        for i in range(len(x)):
            batch[i] = generator.standardize(x[i])
        return batch

    def _batch_for(self, x: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return x if x.dtype == self._iterator.dtype else numpy.zeros(x.shape, self._iterator.dtype)

    def _with_function(self, generator: Any, index_array: Any, shape: Sequence[int]) -> npt.NDArray[Any]:
        """Make a batch with a function of the user, which gets each image in the order of the samples.

        The changes of the next images are drawn as if the function drew nothing. The function is called with the state
        of numpy.random that it has in Keras. If the function draws numbers, the changes of the images behind it are
        drawn again. From then on, images are made one at a time.
        """
        batch: Any = None
        first, n = 0, len(index_array)
        while first < n:
            last = first + 1 if self._function_draws else n
            changes, states = [], []
            for _ in range(first, last):
                changes.append(generator.get_random_transform(tuple(shape)))
                states.append(get_state())
            x = self._transformed(generator, index_array[first:last], changes, 0)
            if x is None:
                x = [self._transform_row(generator, j, c) for j, c in zip(index_array[first:last], changes, strict=True)]
            if batch is None:
                batch = numpy.zeros((n, *shape), self._iterator.dtype)
            first = self._call_function(generator, x, states, batch, first)
        return batch  # type: ignore[no-any-return]

    def _call_function(self, generator: Any, x: Any, states: Any, batch: Any, first: int) -> int:
        """Standardise images until the function draws a number. Return the row of the next image."""
        for i, state in enumerate(states):
            numpy.random.set_state(state)
            batch[first + i] = generator.standardize(x[i])
            if i + 1 < len(states) and not same_state(state, get_state()):
                self._function_draws = True
                return first + i + 1
        return first + len(states)

    def _transform_row(self, generator: Any, j: int, changes: Any) -> Any:
        return generator.apply_transform(self._iterator._load_row(j), changes)

    def _slowly(self, index_array: Any, shape: Sequence[int], changes: Any = None) -> npt.NDArray[Any]:
        """Make a batch image by image, with SciPy and Pillow. It draws the numbers of each image if `changes` is None."""
        generator = self._iterator.image_data_generator
        batch = numpy.zeros((len(index_array), *shape), self._iterator.dtype)
        for i, j in enumerate(index_array):
            x = self._iterator._load_row(j)
            if generator:
                drawn = generator.get_random_transform(x.shape) if changes is None else changes[i]
                x = generator.standardize(generator.apply_transform(x, drawn))
            batch[i] = x
        return batch

"""Nets: training, prediction, evaluation."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from . import _lade
from ._flow import Flow
from ._run import Run
from ._settings import Optimizer, Schedule, settings
from ._source import make_source

if TYPE_CHECKING:
    from typing import Unpack

    from ._options import FitOptions, NetOptions

    StrPath = str | bytes | os.PathLike[str] | os.PathLike[bytes]


class Score(NamedTuple):
    """The loss and the accuracy of a net on some samples."""

    samples: int
    loss: float
    accuracy: float


class Net(_lade.Net):
    """A net that is trained on the CPU.

    Parameters
    ----------
    spec : str
        The layers, for example ``"conv 32 3 same, relu, maxpool 2, dense 10"``, or a preset: ``"mlp 10"``,
        ``"cnn 10"``. docs/training.md describes all layers.
    source : Flow or tuple of int
        A flow, or the shape of a sample. If `source` is a flow, the net takes the shape of a sample, `channels_first`
        and the names of the classes from the flow.
    **options
        See :class:`NetOptions`: `seed`, `loss`, `threads`, `channels_first` and `class_names`.
    """

    def __new__(
        cls,
        spec: str,
        source: Flow | Sequence[int],
        **options: Unpack[NetOptions],
    ) -> Net:
        """Make a net with random parameters."""
        given: dict[str, Any] = dict(options)
        class_names = given.pop("class_names", None)
        if isinstance(source, Flow):
            shape: tuple[int, ...] = source.sample_shape
            if given.get("channels_first") is None:
                given["channels_first"] = source.options["data_format"] == "channels_first"
        elif isinstance(source, Sequence) and not isinstance(source, str):
            shape = tuple(int(n) for n in source)
        else:
            raise TypeError(f"source is {source!r}: it must be a lade.Flow or a tuple, the shape of a sample")
        if not isinstance(spec, str):
            raise TypeError(f"spec is {spec!r}: it must be a str, for example 'cnn 10'")
        net = cls._make(spec, shape, given)
        if class_names is not None:
            net._set_class_names(class_names)
        elif isinstance(source, Flow):
            names, outputs = source.class_names, net.outputs
            if names and len(names) == (2 if outputs == 1 else outputs):
                net._set_class_names(names)
        return net

    @classmethod
    def load(cls, path: StrPath, *, threads: int = 0) -> Net:
        """Read a net from a file that ``save()`` has written, or from a checkpoint."""
        return cls._load(path, threads)

    # ---- Computing ----------------------------------------------------------------------------------------------------

    def fit(
        self,
        source: Flow | Iterable[Any],
        *,
        progress: bool = False,
        **options: Unpack[FitOptions],
    ) -> Run:
        """Train the net. Return a generator of Metrics, which trains when the next item is requested.

        Parameters
        ----------
        source : Flow or iterable of (x, y) or (x, y, sample_weight)
            `x` has the shape (n, ...) and the type float32 or uint8. uint8 values are divided by 255. `y` has the shape
            (n,) or (n, 1) for class indices, and (n, outputs) otherwise. Each epoch iterates over the iterable once.
        progress : bool
            Draw a progress bar on stderr.
        **options
            See :class:`FitOptions`: `optimizer`, `schedule`, `epochs`, `validation`, `checkpoint`, `resume` and others.
            `reduce` is a function that is called with the Gradients before each update, for example to add the
            gradients of several processes.

        Returns
        -------
        Run

        Raises
        ------
        OptionError
            An option is invalid, or the source does not fit the net.
        NumericError
            A loss, gradient or parameter is not finite.

        Examples
        --------
        >>> for m in net.fit(flow, optimizer=lade.Adam(lr=1e-3), epochs=10, validation=test):
        ...     print(m)
        ...     if m.val_accuracy > 0.99:
        ...         break
        """
        given: dict[str, Any] = dict(options)
        hide = progress and given.get("yield_every") is None
        train = make_source(source, "source", given.get("steps_per_epoch"), self.outputs)
        if given.get("validation") is not None:
            test = make_source(given["validation"], "validation", given.get("validation_steps"), self.outputs)
            given["validation"] = test
        for name, base in (("optimizer", Optimizer), ("schedule", Schedule)):
            if given.get(name) is not None:
                given[name] = settings(given[name], base, name)
        if hide:
            given["yield_every"] = max(1, (given.get("steps_per_epoch") or train.steps) // 24)
        return Run(_lade.Run(self, train, given), progress, hide)

    def evaluate(self, source: Flow | Iterable[Any], *, steps: int | None = None) -> Score:
        """Compute the loss and the accuracy over the next batches of a source.

        Parameters
        ----------
        source : Flow or iterable of (x, y) or (x, y, sample_weight)
        steps : int
            The number of batches. Default: one epoch.

        Returns
        -------
        Score
            (samples, loss, accuracy)
        """
        return Score(*self._evaluate(make_source(source, "source", steps, self.outputs), steps or 0))

    def predict(self, x: Any) -> _lade.Tensor:
        """Compute the predictions of some samples.

        Parameters
        ----------
        x : array or Tensor
            Shape (n, ...); float32 or uint8. uint8 values are divided by 255.

        Returns
        -------
        Tensor
            float32 of the shape (n, outputs). For the loss "mean_squared_error", the values are the outputs of the net;
            for all other losses, they are probabilities.
        """
        if not isinstance(x, _lade.Tensor):
            import numpy

            x = numpy.asarray(x)
            x = numpy.ascontiguousarray(x, x.dtype if x.dtype == numpy.uint8 else numpy.float32)
        return self._predict(x)

    # ---- Properties ---------------------------------------------------------------------------------------------------

    @property
    def spec(self) -> str:
        """str: The layers, without presets."""
        return str(self._info()["spec"])

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """tuple of int: The shape of one sample."""
        shape: tuple[int, ...] = self._info()["sample_shape"]
        return shape

    @property
    def outputs(self) -> int:
        """int: The number of outputs."""
        return int(self._info()["outputs"])

    @property
    def parameters(self) -> int:
        """int: The number of values that training changes."""
        return int(self._info()["parameters"])

    @property
    def loss(self) -> str:
        """str: The name of the loss."""
        return str(self._info()["loss"])

    @property
    def seed(self) -> int:
        """int: The seed of the initial parameters and of dropout."""
        return int(self._info()["seed"])

    @property
    def threads(self) -> int:
        """int: The number of threads that compute."""
        return int(self._info()["threads"])

    @property
    def class_names(self) -> list[str] | None:
        """list of str or None: The names of the classes."""
        names: list[str] | None = self._info()["class_names"]
        return names

    @property
    def preprocessing(self) -> str | None:
        """str or None: The preprocessing of the flow on which the net was trained, as JSON."""
        text: str | None = self._info()["preprocessing"]
        return text

    def __repr__(self) -> str:
        return f"<lade.Net {self.spec!r} sample_shape={self.sample_shape} parameters={self.parameters} loss={self.loss}>"

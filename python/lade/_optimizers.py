"""Optimizers, and schedules of their learning rate. The formulas and the defaults are those of PyTorch."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar


class _Settings:
    """The settings of an optimizer or a schedule. None selects the default."""

    kind: ClassVar[str]

    def _dict(self) -> dict[str, Any]:
        return {"kind": self.kind, **{f.name: getattr(self, f.name) for f in fields(self)}}  # type: ignore[arg-type]


class Optimizer(_Settings):
    """The base class of the optimizers."""


class Schedule(_Settings):
    """The base class of the schedules."""


@dataclass(frozen=True)
class SGD(Optimizer):
    """Stochastic gradient descent.

    Parameters
    ----------
    lr : float
        Learning rate. Default: 0.01.
    momentum : float
        Fraction of the last update that is added to the next update. Default: 0.
    nesterov : bool
        Nesterov momentum.
    weight_decay : float
        L2 penalty. Default: 0.
    """

    kind: ClassVar[str] = "sgd"
    lr: float | None = None
    momentum: float | None = None
    nesterov: bool | None = None
    weight_decay: float | None = None


@dataclass(frozen=True)
class Adagrad(Optimizer):
    """Adagrad.

    Parameters
    ----------
    lr : float
        Learning rate. Default: 0.01.
    weight_decay : float
        L2 penalty. Default: 0.
    epsilon : float
        Added to square roots. Default: 1e-10.
    """

    kind: ClassVar[str] = "adagrad"
    lr: float | None = None
    weight_decay: float | None = None
    epsilon: float | None = None


@dataclass(frozen=True)
class RMSprop(Optimizer):
    """RMSprop.

    Parameters
    ----------
    lr : float
        Learning rate. Default: 0.01.
    momentum : float
        Fraction of the last update that is added to the next update. Default: 0.
    weight_decay : float
        L2 penalty. Default: 0.
    rho : float
        Decay of the mean of squared gradients, PyTorch's alpha. Default: 0.99.
    epsilon : float
        Added to square roots. Default: 1e-8.
    """

    kind: ClassVar[str] = "rmsprop"
    lr: float | None = None
    momentum: float | None = None
    weight_decay: float | None = None
    rho: float | None = None
    epsilon: float | None = None


@dataclass(frozen=True)
class Adam(Optimizer):
    """Adam.

    Parameters
    ----------
    lr : float
        Learning rate. Default: 0.001.
    weight_decay : float
        L2 penalty. Default: 0.
    beta_1, beta_2 : float
        Decay of the means of gradients and of squared gradients. Default: 0.9 and 0.999.
    epsilon : float
        Added to square roots. Default: 1e-8.
    """

    kind: ClassVar[str] = "adam"
    lr: float | None = None
    weight_decay: float | None = None
    beta_1: float | None = None
    beta_2: float | None = None
    epsilon: float | None = None


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam with decoupled weight decay.

    Parameters
    ----------
    lr, beta_1, beta_2, epsilon : float
        As in Adam.
    weight_decay : float
        Penalty that is subtracted from the parameters. Default: 0.01.
    """

    kind: ClassVar[str] = "adamw"


@dataclass(frozen=True)
class ConstantLR(Schedule):
    """A constant learning rate.

    Parameters
    ----------
    warmup : int
        Number of updates at the beginning in which the learning rate rises. Default: 0.
    """

    kind: ClassVar[str] = "constant"
    warmup: int | None = None


@dataclass(frozen=True)
class StepLR(Schedule):
    """Multiplies the learning rate by `factor` after every `epochs` epochs.

    Parameters
    ----------
    epochs : int
        Default: 1.
    factor : float
        Default: 0.1.
    warmup : int
        Number of updates at the beginning in which the learning rate rises. Default: 0.
    """

    kind: ClassVar[str] = "step"
    epochs: int | None = None
    factor: float | None = None
    warmup: int | None = None


@dataclass(frozen=True)
class ExponentialLR(Schedule):
    """Multiplies the learning rate by `factor` after each epoch.

    Parameters
    ----------
    factor : float
        PyTorch's gamma. Default: 0.95.
    warmup : int
        Number of updates at the beginning in which the learning rate rises. Default: 0.
    """

    kind: ClassVar[str] = "exponential"
    factor: float | None = None
    warmup: int | None = None


@dataclass(frozen=True)
class CosineLR(Schedule):
    """Lowers the learning rate to 0 along half a cosine.

    Parameters
    ----------
    warmup : int
        Number of updates at the beginning in which the learning rate rises. Default: 0.
    """

    kind: ClassVar[str] = "cosine"
    warmup: int | None = None


@dataclass(frozen=True)
class PlateauLR(Schedule):
    """Multiplies the learning rate by `factor` after more than `epochs` epochs without progress.

    Parameters
    ----------
    epochs : int
        PyTorch's patience. Default: 10.
    factor : float
        Default: 0.1.
    min_lr : float
        The lowest learning rate. Default: 0.
    eps : float
        Smaller changes of the learning rate are not made. Default: 1e-8.
    warmup : int
        Number of updates at the beginning in which the learning rate rises. Default: 0.
    """

    kind: ClassVar[str] = "plateau"
    epochs: int | None = None
    factor: float | None = None
    min_lr: float | None = None
    eps: float | None = None
    warmup: int | None = None


def settings(value: Any, base: type[_Settings], name: str) -> dict[str, Any]:
    """Return the dict for the extension module. `value` is an object of `base`, or the name of a kind."""
    if isinstance(value, str):
        return {"kind": value}
    if isinstance(value, base):
        return value._dict()
    raise TypeError(f"{name} is {value!r}: it must be a lade.{base.__name__}, for example lade.Adam(), or a name")

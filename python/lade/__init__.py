"""lade: streams of training batches from images, and nets that are trained on them.

>>> import lade
>>> flow = lade.flow_from_directory("photos", target_size=(224, 224), class_mode="sparse", rescale=1 / 255)
>>> for x, y in flow.epoch():
...     step(torch.from_dlpack(x), torch.from_dlpack(y))
"""

import importlib
from typing import TYPE_CHECKING, Any

from ._errors import (
    AccessError,
    DataError,
    Error,
    FileError,
    LimitError,
    NotFoundError,
    NumericError,
    OptionError,
    OutOfMemoryError,
    StateError,
    TimedOutError,
)
from ._flow import Flow, InvalidFile
from ._lade import Batch, Digest, Gradients, Stats, Tensor
from ._lade import version as __version__
from ._make import (
    flow_from_arrays,
    flow_from_csv,
    flow_from_dataframe,
    flow_from_directory,
    flow_from_paths,
    flow_from_sequence,
)
from ._options import FitOptions, FlowOptions, NetOptions
from ._process import Process

if TYPE_CHECKING:
    from . import jax as jax
    from . import keras as keras
    from . import tf as tf
    from . import torch as torch
    from ._display import Picture, show
    from ._net import Net, Score
    from ._optimizers import (
        SGD,
        Adagrad,
        Adam,
        AdamW,
        ConstantLR,
        CosineLR,
        ExponentialLR,
        PlateauLR,
        RMSprop,
        StepLR,
    )
    from ._run import Metrics, Run
    from ._scan import Scan, ScanProblem, scan, synth
    from ._settings import Optimizer, Schedule

# These modules are imported when one of their names is first used, so that a program that only streams starts faster.
_MODULES = {
    "_display": ("Picture", "show"),
    "_net": ("Net", "Score"),
    "_run": ("Metrics", "Run"),
    "_settings": ("Optimizer", "Schedule"),
    "_scan": ("Scan", "ScanProblem", "scan", "synth"),
}
# Each of these modules imports a framework, so the module is imported when the program first uses its name.
_FRAMEWORKS = ("jax", "keras", "tf", "torch")


def __getattr__(name: str) -> Any:
    if name in _FRAMEWORKS:
        return importlib.import_module(f"{__name__}.{name}")
    # The build writes the classes of optimizers, so they are not listed here.
    module = next((module for module, names in _MODULES.items() if name in names), "_optimizers")
    value = None if name.startswith("_") else getattr(importlib.import_module(f"{__name__}.{module}"), name, None)
    if value is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


__all__ = [
    "SGD",
    "AccessError",
    "Adagrad",
    "Adam",
    "AdamW",
    "Batch",
    "ConstantLR",
    "CosineLR",
    "DataError",
    "Digest",
    "Error",
    "ExponentialLR",
    "FileError",
    "FitOptions",
    "Flow",
    "FlowOptions",
    "Gradients",
    "InvalidFile",
    "LimitError",
    "Metrics",
    "Net",
    "NetOptions",
    "NotFoundError",
    "NumericError",
    "Optimizer",
    "OptionError",
    "OutOfMemoryError",
    "Picture",
    "PlateauLR",
    "Process",
    "RMSprop",
    "Run",
    "Scan",
    "ScanProblem",
    "Schedule",
    "Score",
    "StateError",
    "StepLR",
    "Stats",
    "Tensor",
    "TimedOutError",
    "__version__",
    "flow_from_arrays",
    "flow_from_csv",
    "flow_from_dataframe",
    "flow_from_directory",
    "flow_from_paths",
    "flow_from_sequence",
    "scan",
    "show",
    "synth",
]

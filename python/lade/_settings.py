"""The base classes of optimizers and schedules. The build writes the classes themselves to the module _optimizers."""

from __future__ import annotations

from dataclasses import fields
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


def settings(value: Any, base: type[_Settings], name: str) -> dict[str, Any]:
    """Return the dict for the extension module. `value` is an object of `base`, or the name of a kind."""
    if isinstance(value, str):
        return {"kind": value}
    if isinstance(value, base):
        return value._dict()
    raise TypeError(f"{name} is {value!r}: it must be a lade.{base.__name__}, for example lade.Adam(), or a name")

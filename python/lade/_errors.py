"""The exceptions of lade.

Each class is derived from :class:`Error` and from the built-in exception with the same meaning, so that ``except
ValueError`` and ``except FileNotFoundError`` work.
"""

from __future__ import annotations


class Error(Exception):
    """An error of lade.

    Attributes
    ----------
    status : str
        The name of the status in C, for example ``"LADE_EINVAL"``.
    subject : str
        The option, file, layer or column that has the error, or ``""``.
    message : str
        The place and the cause of the error, and how to correct it.
    """

    def __init__(self, message: str = "", status: str = "LADE_ERUNTIME", subject: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.subject = subject

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[type[Error], tuple[str, str, str]]:
        return type(self), (self.message, self.status, self.subject)


class OptionError(Error, ValueError):
    """An argument is invalid, malformed or does not fit a saved state. `subject` is the name of the argument."""


class DataError(Error, ValueError):
    """A file is damaged, malformed or of a kind that lade does not support. `subject` is the path of the file."""


class NotFoundError(Error, FileNotFoundError):
    """A file, directory or name does not exist."""


class AccessError(Error, PermissionError):
    """A file may not be read or written."""


class FileError(Error, OSError):
    """Reading or writing a file failed."""


class OutOfMemoryError(Error, MemoryError):
    """There is not enough memory, or the limit that an option sets for the memory is too low."""


class NumericError(Error, ArithmeticError):
    """A loss, gradient or parameter is not a finite number."""


class StateError(Error, RuntimeError):
    """The call is not possible now: the object is closed, canceled, or used by another thread."""


class LimitError(Error, RuntimeError):
    """A limit was exceeded, for example the number of invalid files."""


class TimedOutError(Error, TimeoutError):
    """A deadline has passed."""


_CLASSES: dict[str, type[Error]] = {
    "LADE_ENOMEM": OutOfMemoryError,
    "LADE_EINVAL": OptionError,
    "LADE_ESTATE": StateError,
    "LADE_EIO": FileError,
    "LADE_ENOENT": NotFoundError,
    "LADE_EFORMAT": DataError,
    "LADE_EUNSUPPORTED": DataError,
    "LADE_ELIMIT": LimitError,
    "LADE_EBUSY": StateError,
    "LADE_EMISMATCH": OptionError,
    "LADE_EACCES": AccessError,
    "LADE_ENUMERIC": NumericError,
    "LADE_ECANCELED": StateError,
    "LADE_ETIMEDOUT": TimedOutError,
}


# Messages of the library name its functions. Here are the names of the same functions in Python.
_FUNCTIONS = {
    "lade_flow_fit()": "Flow.fit()",
    "lade_flow_next()": "next(flow)",
    "lade_flow_state()": "Flow.state_dict()",
    "lade_stats_save()": "Stats.save()",
    "the other lade_fit()": "the other run of Net.fit()",
}


def make_error(code: int, status: str, subject: str, message: str) -> Error:
    """Return the exception for an error of the library. The extension module calls this function."""
    for name, name_in_python in _FUNCTIONS.items():
        message = message.replace(name, name_in_python)
    return _CLASSES.get(status, Error)(message, status, subject)

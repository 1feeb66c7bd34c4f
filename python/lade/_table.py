"""Writes the columns of a table as CSV, which the library reads."""

from __future__ import annotations

import csv
import io
import os
from typing import Any

from ._errors import OptionError

_SEPARATOR = "\x1f"


def _column(table: Any, name: str, option: str) -> list[Any]:
    try:
        column = table[name]
    except (KeyError, IndexError, TypeError, ValueError):
        names = list(getattr(table, "columns", table))
        raise OptionError(f"{option} is {name!r}: it must be one of {names}", "LADE_EINVAL", option) from None
    except Exception as error:  # polars raises its own exceptions
        raise OptionError(f"{option} is {name!r}: {error}", "LADE_EINVAL", option) from None
    return list(column)


def _is_several(value: Any) -> bool:
    return isinstance(value, (list, tuple, set, frozenset)) or (hasattr(value, "tolist") and getattr(value, "ndim", 0) == 1)


def _is_number(value: Any) -> bool:
    return not isinstance(value, (str, bytes)) and hasattr(value, "__index__")


def _classes(column: list[Any], options: dict[str, Any]) -> tuple[list[str], str | None]:
    """Return the classes as strings, and the separator between several classes in one cell."""
    several = any(_is_several(value) for value in column)
    cells = [list(value) if _is_several(value) else [value] for value in column]
    names = {name for cell in cells for name in cell}
    if names and all(_is_number(name) for name in names) and options.get("classes") is None:
        # Class names are sorted as strings, so "10" would come before "2". The option `classes` keeps the order of the
        # numbers.
        options["classes"] = [str(int(name)) for name in sorted(names)]
    texts = [_SEPARATOR.join(str(int(n)) if _is_number(n) else str(n) for n in cell) for cell in cells]
    return texts, _SEPARATOR if several else None


def _path(value: Any) -> str:
    return os.fsdecode(value) if isinstance(value, (str, bytes, os.PathLike)) else str(value)


def table_to_csv(
    table: Any, x_col: str, y_col: list[str], weight_col: str | None, options: dict[str, Any]
) -> tuple[str, str | None]:
    """Return the text of a CSV file with the columns that are used, and the separator of classes."""
    mode = options.get("class_mode", "categorical")
    columns: dict[str, list[Any]] = {x_col: [_path(value) for value in _column(table, x_col, "x_col")]}
    separator = None
    if mode not in (None, "none", "input"):
        for name in y_col:
            columns[name] = _column(table, name, "y_col")
        if mode not in ("raw", "multi_output") and len(y_col) == 1:
            columns[y_col[0]], separator = _classes(columns[y_col[0]], options)
    if weight_col is not None:
        columns[weight_col] = _column(table, weight_col, "weight_col")
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        found = ", ".join(f"{name}: {len(column)}" for name, column in columns.items())
        raise OptionError(f"the columns have different lengths ({found})", "LADE_EINVAL", "dataframe")
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return file.getvalue(), separator

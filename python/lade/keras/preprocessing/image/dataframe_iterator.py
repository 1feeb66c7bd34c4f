"""The iterator over a table."""

from ..._dataframe import DataFrameIterator

__all__ = ["DataFrameIterator"]

"""The base classes of the iterators. If a program replaces `load_img` here, the iterators call the new function."""

from ..._files import BatchFromFilesMixin
from ..._iterator import Iterator
from ..._pictures import array_to_img, img_to_array, load_img

__all__ = ["BatchFromFilesMixin", "Iterator", "array_to_img", "img_to_array", "load_img"]

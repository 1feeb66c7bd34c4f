"""The class ImageDataGenerator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy

from ._draws import draw_transform
from ._flows import Flows
from ._framework import floatx, image_data_format
from ._statistics import fit, standardize, warn_override, zoom_limits

if TYPE_CHECKING:
    import numpy.typing as npt

_AXES = {"channels_first": (1, 2, 3), "channels_last": (3, 1, 2)}
_ORDERINGS = {"th": "channels_first", "tf": "channels_last"}


class ImageDataGenerator(Flows):
    """Make batches of images with random changes. The same as Keras's class of this name.

    The random numbers are drawn from ``numpy.random`` in the order of Keras 3, so the same seed gives the same batches.
    All arguments are also attributes. An attribute that is changed is used from the next batch on.

    Parameters
    ----------
    featurewise_center : bool
        Subtract the mean of each channel, which ``fit()`` computes.
    samplewise_center : bool
        Subtract the mean of each image.
    featurewise_std_normalization : bool
        Divide by the standard deviation of each channel, which ``fit()`` computes.
    samplewise_std_normalization : bool
        Divide by the standard deviation of each image.
    zca_whitening : bool
        Multiply by the whitening matrix, which ``fit()`` computes.
    zca_epsilon : float
        The number that ``fit()`` adds to the singular values.
    rotation_range : float
        The largest angle in degrees.
    width_shift_range, height_shift_range : float, int or sequence
        A float below 1 is a fraction of the size, and another float is a number of pixels. For an integer k, the shift
        is one of the numbers 0 to k - 1. For a sequence, it is one of the elements. Both have a random sign.
    brightness_range : pair of float, optional
        The smallest and the largest factor of the brightness.
    shear_range : float
        The largest angle in degrees.
    zoom_range : float or pair of float
        The smallest and the largest visible fraction. A number z means 1 - z to 1 + z.
    channel_shift_range : float
        The largest number that is added to all channels.
    fill_mode : {"nearest", "constant", "reflect", "wrap"}
        The pixels outside of the image.
    cval : float
        The value of the pixels outside of the image for "constant".
    horizontal_flip, vertical_flip : bool
        Mirror half of the images.
    rescale : float, optional
        The factor of all values, after `preprocessing_function`.
    preprocessing_function : callable, optional
        Gets each image as an array after the random changes, and returns an array of the same shape.
    data_format : {"channels_last", "channels_first"}, optional
        Default: the setting of Keras.
    validation_split : float
        The fraction of the images that `subset` "validation" selects.
    interpolation_order : int
        0 means the nearest pixel, and 1 means linear. Larger orders are computed by SciPy.
    dtype : str, optional
        The type of the arrays. Default: the setting of Keras.
    dim_ordering : {"tf", "th"}, optional
        The name of `data_format` in Keras 1.
    """

    mean: Any
    std: Any
    zca_whitening_matrix: Any

    def __init__(
        self,
        featurewise_center: bool = False,
        samplewise_center: bool = False,
        featurewise_std_normalization: bool = False,
        samplewise_std_normalization: bool = False,
        zca_whitening: bool = False,
        zca_epsilon: float = 1e-6,
        rotation_range: Any = 0,
        width_shift_range: Any = 0.0,
        height_shift_range: Any = 0.0,
        brightness_range: Any = None,
        shear_range: Any = 0.0,
        zoom_range: Any = 0.0,
        channel_shift_range: Any = 0.0,
        fill_mode: str = "nearest",
        cval: float = 0.0,
        horizontal_flip: Any = False,
        vertical_flip: Any = False,
        rescale: Any = None,
        preprocessing_function: Callable[[Any], Any] | None = None,
        data_format: str | None = None,
        validation_split: float = 0.0,
        interpolation_order: int = 1,
        dtype: Any = None,
        dim_ordering: str | None = None,
    ) -> None:
        if dim_ordering is not None and data_format is None:
            data_format = _ORDERINGS.get(dim_ordering, dim_ordering)
        self.data_format: str = image_data_format() if data_format is None else data_format
        if self.data_format not in _AXES:
            raise ValueError(
                '`data_format` should be `"channels_last"` (channel after row and column) or '
                f'`"channels_first"` (channel before row and column). Received: {data_format}'
            )
        self.channel_axis, self.row_axis, self.col_axis = _AXES[self.data_format]
        self.dtype = floatx() if dtype is None else dtype
        self.featurewise_center = featurewise_center
        self.samplewise_center = samplewise_center
        self.featurewise_std_normalization = featurewise_std_normalization
        self.samplewise_std_normalization = samplewise_std_normalization
        self.zca_whitening = zca_whitening
        self.zca_epsilon = zca_epsilon
        self.rotation_range = rotation_range
        self.width_shift_range = width_shift_range
        self.height_shift_range = height_shift_range
        self.shear_range = shear_range
        self.zoom_range = zoom_limits(zoom_range)
        self.channel_shift_range = channel_shift_range
        self.fill_mode = fill_mode
        self.cval = cval
        self.horizontal_flip = horizontal_flip
        self.vertical_flip = vertical_flip
        self.rescale = rescale
        self.preprocessing_function = preprocessing_function
        self.interpolation_order = interpolation_order
        if validation_split and not 0 < validation_split < 1:
            raise ValueError(
                f"`validation_split` must be strictly between 0 and 1.  Received: {validation_split}"
            )
        self._validation_split = validation_split
        self.mean = self.std = self.zca_whitening_matrix = None
        self._complete_standardization()
        if brightness_range is not None and (
            not isinstance(brightness_range, (tuple, list)) or len(brightness_range) != 2
        ):
            raise ValueError(
                f"`brightness_range should be tuple or list of two floats. Received: {brightness_range}"
            )
        self.brightness_range = brightness_range

    def _complete_standardization(self) -> None:
        """Set the options that other options need, with a warning, as Keras does."""
        if self.zca_whitening:
            if not self.featurewise_center:
                self.featurewise_center = True
                warn_override("zca_whitening", "featurewise_center")
            if self.featurewise_std_normalization:
                self.featurewise_std_normalization = False
                warn_override("zca_whitening", "featurewise_std_normalization")
        if self.featurewise_std_normalization and not self.featurewise_center:
            self.featurewise_center = True
            warn_override("featurewise_std_normalization", "featurewise_center")
        if self.samplewise_std_normalization and not self.samplewise_center:
            self.samplewise_center = True
            warn_override("samplewise_std_normalization", "samplewise_center")

    @property
    def principal_components(self) -> Any:
        """numpy.ndarray or None: The name of `zca_whitening_matrix` in old versions of Keras."""
        return self.zca_whitening_matrix

    @principal_components.setter
    def principal_components(self, value: Any) -> None:
        self.zca_whitening_matrix = value

    # ---- One image ----------------------------------------------------------------------------------------------------

    def standardize(self, x: Any) -> Any:
        """Apply `preprocessing_function`, `rescale` and the standardisation to an array.

        Parameters
        ----------
        x : numpy.ndarray
            An image, or a batch of images. The array is changed in place.

        Returns
        -------
        numpy.ndarray
        """
        return standardize(self, x)

    def get_random_transform(self, img_shape: Sequence[int], seed: int | None = None) -> dict[str, Any]:
        """Draw the random changes of one image.

        Parameters
        ----------
        img_shape : sequence of int
            The shape of the image.
        seed : int, optional
            The seed of ``numpy.random``.

        Returns
        -------
        dict
            The arguments of ``apply_transform()``.
        """
        if seed is not None:
            numpy.random.seed(seed)
        return draw_transform(self, img_shape)

    def apply_transform(self, x: npt.NDArray[Any], transform_parameters: dict[str, Any]) -> npt.NDArray[Any]:
        """Apply the changes of a dict to an image.

        Parameters
        ----------
        x : numpy.ndarray
            An image of three dimensions.
        transform_parameters : dict
            The result of ``get_random_transform()``. A key that is left out changes nothing.

        Returns
        -------
        numpy.ndarray
            The changed image. It uses SciPy, and Pillow for the brightness.
        """
        from ._transform import apply_transform

        return apply_transform(self, x, transform_parameters)

    def random_transform(self, x: npt.NDArray[Any], seed: int | None = None) -> npt.NDArray[Any]:
        """Apply random changes to an image.

        Parameters
        ----------
        x : numpy.ndarray
            An image of three dimensions.
        seed : int, optional
            The seed of ``numpy.random``.

        Returns
        -------
        numpy.ndarray
        """
        return self.apply_transform(x, self.get_random_transform(x.shape, seed))

    def fit(self, x: Any, augment: bool = False, rounds: int = 1, seed: int | None = None) -> None:
        """Compute the statistics that the featurewise options and the whitening need.

        Parameters
        ----------
        x : array
            Images of the shape (n, H, W, C), or (n, C, H, W) for "channels_first".
        augment : bool
            Apply random changes to the images first.
        rounds : int
            With `augment`, how often each image is used.
        seed : int, optional
            The seed of ``numpy.random``.
        """
        fit(self, x, augment, rounds, seed)

"""The type hints and help texts of the options. tools/write-python-options wrote this file."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from ._lade import Stats

if TYPE_CHECKING:
    from ._settings import Optimizer, Schedule


class FlowOptions(TypedDict, total=False):
    """The options of ``flow_from_directory()`` and the other functions that make a flow.

    An option that is left out or None has its default.
    """

    target_size: int | tuple[int, int] | None
    """Height and width in pixels. Default: (256, 256)."""

    color_mode: Literal['rgb', 'grayscale', 'rgba'] | None
    """Channels of an image. Default: 'rgb'. 'rgb': 3 channels: red, green, blue; 'grayscale': 1 channel; 'rgba': 4
    channels: red, green, blue, alpha."""

    class_mode: Literal['categorical', 'binary', 'sparse', 'none', 'input', 'raw', 'multi_output'] | None
    """Form of the labels. Default: 'categorical'. 'categorical': a column for each class: 1 in the column of the
    sample's class, else 0; 'binary': 0 or 1, for two classes; 'sparse': the index of the class; 'none': no labels;
    'input': the image itself; 'raw': numbers from a list or an array."""

    interpolation: Literal['nearest', 'bilinear', 'bicubic', 'lanczos', 'box', 'hamming'] | None
    """Filter for resizing images. Default: 'nearest'. 'nearest': the nearest pixel; 'bilinear': a triangle filter;
    'bicubic': a cubic filter with a = -0.5; 'lanczos': a Lanczos filter with 3 lobes; 'box': the mean of the pixels
    that an output pixel covers; 'hamming': sharper than bilinear, as fast."""

    keep_aspect_ratio: bool | None
    """Resize only the largest centred part that has the aspect ratio of the target. Default: False."""

    pad_to_aspect_ratio: bool | None
    """Letterbox: resize the whole image without a change of its aspect ratio, and pad it. Default: False."""

    pad_value: int | None
    """Letterbox: value of the pixels beside the image, before rescale. Default: 0."""

    crop: Literal['none', 'random', 'center', 'centre'] | None
    """Use only a part of each image: its centre, or a random part that differs in each epoch. Default: 'none'. 'none':
    the whole image; 'random': torchvision's RandomResizedCrop; 'center': torchvision's CenterCrop after Resize."""

    crop_scale: tuple[float, float] | None
    """Random crop: fraction of the image's area. Default: (0.08, 1)."""

    crop_ratio: tuple[float, float] | None
    """Random crop: width divided by height. Default: 3/4,4/3."""

    crop_resize: int | None
    """Center crop: resize the shorter side to N first. Default: 8/7 of the longer side of the target, 256 for 224."""

    decode: Literal['exact', 'fast'] | None
    """Accuracy of JPEG decoding. Default: 'exact'. 'exact': the pixels that Pillow decodes; 'fast': large JPEG files
    at a half, a quarter or an eighth of their size."""

    exif_orientation: bool | None
    """Turn images upright by their stored orientation, even with the quirks keras3. Default: False."""

    ignore_exif_orientation: bool | None
    """Do not turn images upright. Default: False."""

    dtype: Literal['float32', 'uint8', 'uint16'] | None
    """Type of the pixels in a batch. Default: 'float32'. 'float32': 32-bit floating point; 'uint8': bytes from 0 to
    255; 'uint16': integers from 0 to 65535; files of 16 bits keep their values."""

    data_format: Literal['channels_last', 'channels_first'] | None
    """Order of the axes. Default: 'channels_last'. 'channels_last': (height, width, channels); 'channels_first':
    (channels, height, width)."""

    rescale: float | None
    """Multiply every value by X, for example 1/255. Default: off."""

    rotation_range: float | None
    """Turn by up to X degrees in either direction. Default: 0."""

    width_shift_range: float | None
    """Move left or right by up to X: a fraction of the width if X is below 1, otherwise pixels. Default: 0."""

    height_shift_range: float | None
    """Move up or down by up to X: a fraction of the height if X is below 1, otherwise pixels. Default: 0."""

    shift_unit: Literal['auto', 'fraction', 'pixels', 'whole_pixels'] | None
    """Unit of the two shift ranges. Default: 'auto'. 'auto': below 1: a fraction of the size; 1 or more: pixels;
    'fraction': a fraction of the size; 'pixels': a number of pixels, which may have a fraction; 'whole_pixels': a
    whole number of pixels, less than the range."""

    brightness_range: float | tuple[float, float] | None
    """Multiply colours by a factor from A to B; one number X means 1-X,1+X. Default: off."""

    shear_range: float | None
    """Slant vertical lines by up to X degrees in either direction. Default: 0."""

    zoom_range: float | tuple[float, float] | None
    """Show A to B of the width and of the height; values below 1 enlarge; one number X means 1-X,1+X. Default: off."""

    channel_shift_range: float | None
    """Add up to X to each colour, or subtract it; the amount differs for each colour. Default: 0."""

    fill_mode: Literal['nearest', 'constant', 'reflect', 'wrap'] | None
    """Values of pixels from outside the image. Default: 'nearest'. 'nearest': the pixel at the border; 'constant': the
    value of cval; 'reflect': the image, mirrored at its border; 'wrap': the image, repeated."""

    cval: float | None
    """Value of pixels from outside the image with fill mode constant. Default: 0."""

    horizontal_flip: bool | None
    """Mirror half of the images, left and right. Default: False."""

    vertical_flip: bool | None
    """Mirror half of the images, top and bottom. Default: False."""

    interpolation_order: Literal[1, 0] | None
    """Interpolation between pixels: linear, or the nearest pixel (for masks). Default: 1. 1: linear; 0: the nearest
    pixel."""

    quirks: Literal['documented', 'keras3'] | None
    """Meaning of these options: as Keras documents them, or what Keras 3 computes. Default: 'documented'.
    'documented': as the documentation of Keras describes them; 'keras3': as Keras 3 computes them."""

    contrast_range: float | tuple[float, float] | None
    """Multiply the contrast by a factor from A to B; X means 1-X,1+X. Default: off."""

    saturation_range: float | tuple[float, float] | None
    """Multiply the saturation by a factor from A to B; X means 1-X,1+X. Default: off."""

    hue_range: float | None
    """Turn the hue by up to X of the circle in either direction. Default: 0."""

    crop_padding: int | None
    """Pad each side by N pixels, as the fill mode describes, and crop a random part. Default: 0."""

    random_erasing: float | None
    """Erase a rectangle of each image with probability P. Default: 0."""

    erasing_scale: tuple[float, float] | None
    """Random erasing: fraction of the image's area. Default: (0.02, 0.33)."""

    erasing_ratio: tuple[float, float] | None
    """Random erasing: height divided by width. Default: (0.3, 3.3)."""

    erasing_value: float | None
    """Random erasing: value of the erased pixels, before rescale. Default: 0."""

    trivial_augment: bool | None
    """TrivialAugment: change each image in one way, with a random magnitude. Default: False."""

    mixup_alpha: float | None
    """MixUp: blend each image and its label with the image before it in the batch; A is the parameter of the beta
    distribution. Default: 0."""

    cutmix_alpha: float | None
    """CutMix: copy a rectangle of the image before it in the batch, and mix the labels. Default: 0."""

    samplewise_center: bool | None
    """Subtract the mean of each image. Default: False."""

    samplewise_std_normalization: bool | None
    """Center each image and divide it by its standard deviation. Default: False."""

    featurewise_center: bool | None
    """Subtract the mean of each channel over the data set. Default: False."""

    featurewise_std_normalization: bool | None
    """Center each channel and divide it by its standard deviation over the data set. Default: False."""

    zca_whitening: bool | None
    """Remove the correlation between pixels; for small images, up to 32x32. Default: False."""

    zca_epsilon: float | None
    """Added to the singular values when the whitening is computed. Default: 1e-06."""

    stats: Stats | str | None
    """Statistics for the featurewise options and the whitening. Default: None."""

    batch_size: int | None
    """Images in a batch. Default: 32."""

    drop_last: bool | None
    """Leave out the last batch of an epoch if it has fewer images. Default: False."""

    order: Literal['shuffled', 'sorted', 'balanced', 'weighted'] | None
    """Order of the samples in an epoch. Default: 'shuffled'. 'shuffled': a new random order in each epoch; 'sorted':
    sorted by class and name; a list or an array keeps its order; 'balanced': a random order in which each class has
    a chosen share; 'weighted': a random order in which a sample occurs in proportion to its weight."""

    class_weights: Sequence[float] | None
    """Balanced order: the share of each class. Default: None."""

    seed: int | None
    """Seed of order, split and augmentation: the same seed gives the same bytes. Default: 0."""

    classes: Sequence[str] | None
    """Class directories to use, in this order. Default: all, sorted by name."""

    follow_links: bool | None
    """Follow symbolic links to directories. Default: False."""

    all_files: bool | None
    """Accept files with any suffix: the content decides whether a file is an image. Default: False."""

    refuse_empty_classes: bool | None
    """A class directory without images ends the run. Default: False."""

    validation_split: float | None
    """Fraction of each class that is for validation. Default: 0."""

    subset: Literal['all', 'training', 'validation'] | None
    """Part of the data to stream. Default: 'all'. 'all': all samples; 'training': the samples that are not for
    validation; 'validation': the samples for validation."""

    split: Literal['first', 'seeded'] | None
    """Validation images of a class: the first ones by name, or a choice that depends on the seed. Default: 'first'.
    'first': the first samples of each class by name, as in Keras; 'seeded': a random choice that depends on the
    seed."""

    preprocessing_function: Callable[[Any], Any] | None
    """A function that changes each sample. Default: None."""

    save_to_dir: str | bytes | os.PathLike[str] | None
    """Save each sample as an image in this directory, as it is before rescale. Default: None."""

    save_prefix: str | bytes | os.PathLike[str] | None
    """Beginning of the file names: WORD_EPOCH_POSITION_SAMPLE.SUFFIX. Default: None."""

    save_format: str | None
    """File format of the saved images. Default: 'png'."""

    workers: int | None
    """Threads that read and decode images; the results do not depend on W. Default: one per core."""

    rank: int | None
    """Number of this process, from 0. Default: found automatically."""

    world: int | None
    """Number of processes that share the stream. Default: found automatically."""

    on_error: Literal['fail', 'skip', 'replace'] | None
    """An invalid file ends the run, is left out, or is replaced by another file of its class. Default: 'fail'. 'fail':
    an invalid file ends the stream with an error; 'skip': an invalid file is reported and left out; 'replace': an
    invalid file is reported and replaced by another of its class."""

    max_bad: int | None
    """End the run if there are more than N invalid files. Default: no limit."""

    max_bad_rate: float | None
    """End the run if the fraction of invalid files is larger than F. Default: no limit."""

    memory_limit: int | None
    """Memory for batches and workers, for example 20M: use fewer workers and batches if necessary. Default: no limit."""

    max_pixels: int | None
    """An image with more pixels is an invalid file. Default: 178956970."""

    max_file_bytes: int | None
    """A larger file is an invalid file; for example 20M. Default: 536870912."""

    max_side: int | None
    """An image with a larger width or height is an invalid file. Default: 65535."""

    held: Literal['refuse', 'grow'] | None
    """What a request for a batch does while all batches are referenced. Default: 'grow'. 'refuse': a request for a
    batch fails while all batches are referenced; 'grow': more memory is allocated while all batches are referenced."""


class FitOptions(TypedDict, total=False):
    """The options of ``Net.fit()``.

    An option that is left out or None has its default.
    """

    optimizer: Optimizer | str | None
    """Algorithm that updates the parameters. Default: SGD()."""

    schedule: Schedule | str | None
    """How the learning rate changes. Default: ConstantLR()."""

    epochs: int | None
    """Number of epochs. Default: 1."""

    steps_per_epoch: int | None
    """Number of batches in an epoch. Default: all batches of the source."""

    accumulate: int | None
    """Number of batches for one update; -1: all batches of an epoch. Default: 1."""

    global_clipnorm: float | None
    """If the norm of the whole gradient is above X, scale the gradient to the norm X. Default: off."""

    clipvalue: float | None
    """Limit each value of the gradient to -X .. X. Default: off."""

    label_smoothing: float | None
    """Fraction of each label that is spread over all classes. Default: 0."""

    class_weight: Sequence[float] | None
    """One weight for each output, or two weights for one output. Default: None."""

    yield_every: int | None
    """Also yield metrics after every N steps. Default: at the end of each epoch only."""

    validation: Any
    """Source that is evaluated at the end of each epoch. Default: None."""

    validation_steps: int | None
    """Number of batches of a validation. Default: all batches of the source."""

    checkpoint: str | bytes | os.PathLike[str] | None
    """File to which the net and the state of the run are written at the end of each epoch. Default: no checkpoints."""

    checkpoint_every: int | None
    """Also write the checkpoint after every N steps. Default: at the end of each epoch only."""

    resume: str | bytes | os.PathLike[str] | None
    """Checkpoint from which the run continues. Default: a new run."""

    replay: bool | None
    """With resume: first yield the metrics of the earlier epochs again. Default: False."""

    allow_different: bool | None
    """With resume: allow another CPU, oneDNN version or number of threads, which changes the last bits. Default:
    False."""

    keep_schedule: bool | None
    """With resume: a cosine schedule ends with the updates of the saved run. Default: False."""

    restore_best_weights: bool | None
    """With a validation: at the end, the net gets the parameters of the best epoch. Default: False."""


class NetOptions(TypedDict, total=False):
    """The options of ``Net()``.

    An option that is left out or None has its default.
    """

    seed: int | None
    """Seed of the initial parameters and of dropout. Default: 0."""

    loss: Literal['auto', 'softmax_cross_entropy', 'binary_cross_entropy', 'mean_squared_error'] | None
    """Loss that training reduces. Default: 'auto'. 'auto': binary_cross_entropy for one output, otherwise
    softmax_cross_entropy; 'softmax_cross_entropy': for classes that exclude each other; 'binary_cross_entropy': for
    outputs that are independent probabilities; 'mean_squared_error': for outputs that are numbers."""

    threads: int | None
    """Threads that compute. Default: one per core."""

    channels_first: bool | None
    """Images have the shape (C, H, W). Default: False."""

    class_names: Sequence[str] | None
    """One name for each output, or two names for one output. Default: none."""

#!/usr/bin/env python3
"""Reads images with Pillow, in the same way as load_img() of Keras. Tests compare lade with the results.

    pillow_reference.py JOBS RESULTS

Each line of JOBS is "FILE MODE HEIGHT WIDTH INTERPOLATION KEEP EXIF", with the names of Keras. If HEIGHT and WIDTH
are 0, the image is not resized. KEEP is 1 for keep_aspect_ratio. EXIF is 1 to apply the Exif orientation. Each line of
RESULTS is a line of JOBS and the pixels in hexadecimal. Prints the versions of Pillow and of its libjpeg-turbo.
"""
import sys
import zlib

from PIL import Image, ImageOps, features

MODES = {"rgb": "RGB", "grayscale": "L", "rgba": "RGBA"}
FILTERS = {
    "nearest": Image.NEAREST,
    "bilinear": Image.BILINEAR,
    "bicubic": Image.BICUBIC,
    "lanczos": Image.LANCZOS,
    "box": Image.BOX,
    "hamming": Image.HAMMING,
}


def reference(path, mode, height, width, interpolation, keep, exif):
    """Returns the pixels as bytes, row by row."""
    image = Image.open(path)
    if exif and image.format != "TIFF":  # Pillow applies the orientation of a TIFF when it loads the file
        image = ImageOps.exif_transpose(image)
    image = image.convert(MODES[mode])
    if height and keep:
        w, h = image.size
        crop_height = min(h, w * height // width)
        crop_width = min(w, h * width // height)
        x, y = (w - crop_width) // 2, (h - crop_height) // 2
        box = (x, y, x + crop_width, y + crop_height)
        image = image.resize((width, height), FILTERS[interpolation], box=box)
    elif height:
        image = image.resize((width, height), FILTERS[interpolation])
    return image.tobytes()


def versions():
    return "Pillow %s, libjpeg-turbo %s" % (Image.__version__, features.version_feature("libjpeg_turbo"))


def run(jobs, results, folder="", checksums=False):
    for job in jobs:
        path, mode, height, width, interpolation, keep, exif = job.split()
        pixels = reference(folder + path, mode, int(height), int(width), interpolation, keep == "1", exif == "1")
        shown = "crc32:%08x" % zlib.crc32(pixels) if checksums else pixels.hex()
        print(job.strip(), shown, file=results)


if __name__ == "__main__":
    print(versions())
    with open(sys.argv[1]) as jobs_file, open(sys.argv[2], "w") as results_file:
        run(jobs_file, results_file)

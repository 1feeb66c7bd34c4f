#!/usr/bin/env python3
"""Changes images with torchvision, for tests/unit/image/test_image_torchvision.c.

    tests/golden/torchvision_reference.py write FILE     writes the golden file
    tests/golden/torchvision_reference.py check FILE     compares the golden file with torchvision; exit code 77: none

A line of the golden file is "KIND A B C D V HEIGHT WIDTH CHANNELS SEED RESULTS". The results are values from 0 to 255 in
the order (H, W, C). The pixels are (i * i * 7 + i * SEED + i // 5) % 256 for value i. The kinds are

    jitter   A, B, C and D are the factors of brightness, contrast and saturation, and the hue
    erase    a rectangle at row A and column B, of height C and width D, gets the value V
    constant, edge, symmetric    the image is padded by A pixels in this mode, and cropped at row B and column C
    trivial  operation A of TrivialAugmentWide with the magnitude of step B; C is 1 if its sign is negative. Pixels from
             outside have the colour of the edge
"""
import math
import sys

try:
    import torch
    from torchvision.transforms import InterpolationMode
    from torchvision.transforms.v2 import TrivialAugmentWide
    from torchvision.transforms.v2 import functional as F
except ImportError:
    print("skipped: no torchvision")
    sys.exit(77)

SIZES = [(5, 7), (6, 4)]
JITTERS = [(b, c, s, h) for b in (1, 1.4) for c in (1, 0, 0.6, 1.5) for s in (1, 0, 0.5, 1.8) for h in (0, -0.4, 0.1, 0.5)]
ERASED = [(0, 0, 2, 3, 0), (3, 1, 1, 2, 255), (1, 2, 3, 2, 100)]
CROPS = [(mode, p, y, x) for mode in ("constant", "edge", "symmetric") for p, y, x in ((1, 0, 2), (3, 6, 0), (2, 2, 2), (3, 1, 5))]
PADDING = 80
SPACE = list(TrivialAugmentWide._AUGMENTATION_SPACE.items())


def jobs():
    seed = 0
    for i, jitter in enumerate(JITTERS):
        seed += 1
        yield "jitter", *jitter, 0, *SIZES[i % 2], (3, 1)[i % 5 == 4], seed
    for erased in ERASED:
        seed += 1
        yield "erase", *erased, *SIZES[0], 3, seed
    for mode, *crop in CROPS:
        seed += 1
        yield mode, *crop, 0, 0, *SIZES[seed % 2], 3, seed
    for operation, (name, (_, signed)) in enumerate(SPACE):
        for step in (1, 15, 29):
            for negative in (0, 1) if signed else (0,):
                seed += 1
                yield "trivial", operation, step, negative, 0, 0, *((20, 20, 1) if name == "Equalize" else (5, 7, 3)), seed


def trivial(image, name, magnitude):
    """Does what TrivialAugmentWide does for this operation. Posterize and Equalize need an image of bytes."""
    bilinear = {"interpolation": InterpolationMode.BILINEAR}
    change = {"angle": 0.0, "translate": [0, 0], "scale": 1.0, "shear": [0.0, 0.0], "center": [PADDING, PADDING], **bilinear}
    if name in ("ShearX", "ShearY"):
        angle = math.degrees(math.atan(magnitude))
        return F.affine(image, **{**change, "shear": [angle, 0.0] if name == "ShearX" else [0.0, angle]})
    if name in ("TranslateX", "TranslateY"):
        by = int(magnitude)
        return F.affine(image, **{**change, "translate": [by, 0] if name == "TranslateX" else [0, by]})
    if name == "Rotate":
        return F.rotate(image, angle=magnitude, **bilinear)
    if name in ("Posterize", "Equalize"):
        image = (image * 255).round().to(torch.uint8)
        return (F.posterize(image, bits=int(magnitude)) if name == "Posterize" else F.equalize(image)) / 255
    if name == "Solarize":
        return F.solarize(image, threshold=magnitude)
    if name == "AutoContrast":
        return F.autocontrast(image)
    adjust = {"Brightness": F.adjust_brightness, "Color": F.adjust_saturation, "Contrast": F.adjust_contrast,
              "Sharpness": F.adjust_sharpness}
    return adjust[name](image, 1 + magnitude) if name in adjust else image


def results(job):
    kind, a, b, c, d, v, height, width, channels, seed = job
    i = torch.arange(height * width * channels, dtype=torch.int64)
    image = ((i * i * 7 + i * seed + i // 5) % 256).reshape(height, width, channels).permute(2, 0, 1).float() / 255
    if kind == "jitter":
        image = F.adjust_brightness(image, a)
        image = F.adjust_contrast(image, b)
        image = F.adjust_saturation(image, c)
        image = F.adjust_hue(image, d)
    elif kind == "erase":
        image = F.erase(image, a, b, c, d, torch.tensor(v / 255))
    elif kind == "trivial":
        name, (magnitudes, _) = SPACE[a]
        magnitudes = magnitudes(31, height, width)
        magnitude = 0 if magnitudes is None else float(magnitudes[b]) * (-1 if c else 1)
        moved = name.startswith(("Shear", "Translate", "Rotate"))
        padding = PADDING if moved else 0
        image = trivial(F.pad(image, padding, padding_mode="edge") if moved else image, name, magnitude)
        image = image[:, padding:padding + height, padding:padding + width]
    else:
        image = F.crop(F.pad(image, a, padding_mode=kind), b, c, height, width)
    return [255 * value for value in image.permute(1, 2, 0).flatten().tolist()]


def check(path):
    lines = [line.split() for line in open(path) if not line.startswith("#")]
    different = 0
    for job, line in zip(jobs(), lines, strict=True):
        apart = max(abs(float(a) - b) for a, b in zip(line[10:], results(job), strict=True))
        different += line[:10] != [str(word) for word in job] or apart > (0.05 if job[0] == "trivial" else 1e-3)
    print(f"{len(lines)} lines, {different} different")
    return different > 0


def main():
    if sys.argv[1] == "check":
        sys.exit(check(sys.argv[2]))
    import torchvision
    with open(sys.argv[2], "w") as golden:
        print(f"# Results of torchvision {torchvision.__version__}; made by torchvision_reference.py.", file=golden)
        for job in jobs():
            print(*job, *(f"{value:.7g}" for value in results(job)), file=golden)


if __name__ == "__main__":
    main()

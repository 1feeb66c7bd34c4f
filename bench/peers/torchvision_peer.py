"""Runs torchvision and a DataLoader on a folder of images. Prints images per second. The first epoch is not measured.

    torchvision_peer.py DIR resize|crop|none HEIGHT WORKERS SECONDS
"""
import sys
import time

import torch
from torch.utils.data import DataLoader
from torchvision import datasets, transforms
from torchvision.transforms import InterpolationMode


def main(folder, work, size, workers, seconds):
    size = int(size)
    steps = {
        "resize": [transforms.Resize((size, size), InterpolationMode.BILINEAR)],
        "crop": [transforms.RandomResizedCrop(size), transforms.RandomHorizontalFlip()],
        "none": [],
    }[work]
    torch.set_num_threads(1)
    data = datasets.ImageFolder(folder, transforms.Compose([*steps, transforms.ToTensor()]))
    loader = DataLoader(data, 32, shuffle=True, num_workers=int(workers), persistent_workers=workers != "0")
    for _ in loader:
        pass
    start, images = time.perf_counter(), 0
    while time.perf_counter() - start < float(seconds):
        images += sum(len(x) for x, _ in loader)
    print(images / (time.perf_counter() - start))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Trains a net of PyTorch on CIFAR-10, or on any arrays of the same form.

    python cifar_torch.py cifar10.npz --epochs 10

The file has the arrays x_train (n, 32, 32, 3) of uint8, y_train (n,), x_test and y_test.
"""

from __future__ import annotations

import argparse
import functools

import lade
import numpy
import torch
from torch import nn
from torch.nn import functional


def main(arguments: list[str] | None = None) -> float:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--epochs", type=int, default=10)
    options = parser.parse_args(arguments)

    data = numpy.load(options.file)
    make_flow = functools.partial(lade.flow_from_arrays, class_mode="sparse", batch_size=128, rescale=1 / 255)
    train = make_flow(data["x_train"], data["y_train"], horizontal_flip=True, crop_padding=4, seed=1)
    test = make_flow(data["x_test"], data["y_test"], order="sorted")

    torch.manual_seed(1)
    net = nn.Sequential(
        nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(4),
        nn.Flatten(), nn.Linear(1024, len(train.class_names)),
    )  # fmt: skip
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.003)
    accuracy = 0.0
    for epoch in range(options.epochs):
        for x, y in lade.torch.loader(train):
            loss = functional.cross_entropy(net(x), y)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call, unused-ignore]
            optimizer.step()
        with torch.no_grad():
            right = sum(int((net(x).argmax(1) == y).sum()) for x, y in lade.torch.loader(test))
        accuracy = right / test.samples
        print(f"epoch {epoch}: test accuracy {accuracy:.3f}")
    return accuracy


if __name__ == "__main__":
    main()

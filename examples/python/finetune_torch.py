"""Fine-tunes a convolutional net of PyTorch on a directory of photos with one folder for each class.

    python finetune_torch.py photos --epochs 5 --checkpoint run.pt

If the checkpoint exists, the program continues at the saved batch.
"""

from __future__ import annotations

import argparse
import functools
from pathlib import Path

import lade
import torch
from torch import nn
from torch.nn import functional


def make_net(classes: int) -> nn.Sequential:
    """Return a small net. If torchvision is installed, you can use a net with trained weights instead."""
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(32, classes),
    )


def accuracy(net: nn.Module, flow: lade.Flow, device: str) -> float:
    net.eval()
    right = 0
    with torch.no_grad():
        for x, y in lade.torch.loader(flow, device=device):
            right += int((net(x).argmax(1) == y).sum())
    return right / flow.samples


def main(arguments: list[str] | None = None) -> float:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--checkpoint", type=Path)
    options = parser.parse_args(arguments)

    device = "cuda" if torch.cuda.is_available() else "cpu"
    make_flow = functools.partial(
        lade.flow_from_directory,
        options.directory,
        target_size=(options.size, options.size),
        batch_size=options.batch_size,
        class_mode="sparse",
        interpolation="bilinear",
        rescale=1 / 255,
        validation_split=0.2,
        split="seeded",
        seed=1,
    )
    train = make_flow(subset="training", horizontal_flip=True, rotation_range=10)
    validation = make_flow(subset="validation", order="sorted")
    loader = lade.torch.loader(train, device=device, pin_memory=device == "cuda")

    torch.manual_seed(1)
    net = make_net(len(train.class_names)).to(device)
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
    if options.checkpoint and options.checkpoint.exists():
        saved = torch.load(options.checkpoint, map_location=device)
        net.load_state_dict(saved["net"])
        optimizer.load_state_dict(saved["optimizer"])
        loader.load_state_dict(saved["loader"])

    right = 0.0
    while loader.epoch < options.epochs:
        epoch = loader.epoch
        net.train()
        for x, y in loader:
            loss = functional.cross_entropy(net(x), y)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call, unused-ignore]
            optimizer.step()
        right = accuracy(net, validation, device)
        print(f"epoch {epoch}: validation accuracy {right:.3f}")
        if options.checkpoint:
            state = {"net": net.state_dict(), "optimizer": optimizer.state_dict(), "loader": loader.state_dict()}
            torch.save(state, options.checkpoint)
    return right


if __name__ == "__main__":
    main()

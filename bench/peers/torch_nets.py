"""Trains a net of lade with PyTorch 1.13 or later for a given processor time. bench/nets calls this program:

    torch_nets.py TRAIN TEST TASK

TASK is a JSON object with the specification of the net ("conv 32 3 same, relu, ...") and the recipe. Prints a JSON object
with the accuracy on TEST, the number of epochs, and the processor time of the training. All images are decoded before the
training, and this time is not counted.
"""
import json
import math
import sys
from pathlib import Path
from time import process_time as processor

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.nn import functional

MEASURED = range(10, 40)  # steps whose processor time sets the length of the run


class Padded(nn.Module):
    """Pads as lade's option "same" does: if the padding is odd, the end has one more row or column."""

    def __init__(self, module, size, stride, value):
        super().__init__()
        self.module, self.size, self.stride, self.value = module, size, stride, value

    def forward(self, x):
        padding = []
        for length in (x.shape[3], x.shape[2]):
            total = max((-(-length // self.stride) - 1) * self.stride + self.size - length, 0)
            padding += [total // 2, total - total // 2]
        return self.module(functional.pad(x, padding, value=self.value))


class Residual(nn.ModuleList):
    def forward(self, x):
        return sum(branch(x) for branch in self)


def parts(text, separator):
    """Splits a text at the separators that are not in parentheses."""
    depth, found = 0, [""]
    for c in text:
        depth += (c == "(") - (c == ")")
        if c == separator and depth == 0:
            found.append("")
        else:
            found[-1] += c
    return [part.strip() for part in found]


def layer(text):
    if text.startswith("residual("):
        branches = parts(text[len("residual("):-1], "|")
        return Residual([chain(b) for b in branches] + ([nn.Identity()] if len(branches) == 1 else []))
    word, *rest = text.split()
    numbers = [float(w) for w in rest if w[0].isdigit()]
    size = int(numbers[1] if word == "conv" else numbers[0]) if word in ("conv", "maxpool") else 0
    stride = int(rest[rest.index("stride") + 1]) if "stride" in rest else 1 if word == "conv" else size
    made = {"conv": lambda: nn.LazyConv2d(int(numbers[0]), size, stride), "maxpool": lambda: nn.MaxPool2d(size, stride),
            "batchnorm": nn.LazyBatchNorm2d, "relu": nn.ReLU, "dropout": lambda: nn.Dropout(numbers[0]),
            "globalavgpool": lambda: nn.AdaptiveAvgPool2d(1),
            "dense": lambda: nn.Sequential(nn.Flatten(), nn.LazyLinear(int(numbers[0])))}[word]()
    return Padded(made, size, stride, 0 if word == "conv" else -math.inf) if "same" in rest else made


def chain(text):
    return nn.Sequential(*(layer(part) for part in parts(text, ",") if part))


def read(directory):
    """Returns the images of the class folders as a tensor (n, 3, H, W) of bytes, and their classes."""
    classes = sorted(d for d in Path(directory).iterdir() if d.is_dir())
    files = [(path, c) for c, folder in enumerate(classes) for path in sorted(folder.iterdir())]
    images = np.stack([np.asarray(Image.open(path).convert("RGB")) for path, _ in files])
    return torch.from_numpy(images).permute(0, 3, 1, 2).contiguous(), torch.tensor([c for _, c in files])


def changed(x, padding):
    """Mirrors half of the images, and shifts each image by up to @padding pixels."""
    x = torch.where(torch.rand(len(x), 1, 1, 1) < 0.5, x.flip(3), x)
    if not padding:
        return x
    size, x = x.shape[2], functional.pad(x, [padding] * 4, mode="replicate")
    at = torch.randint(0, 2 * padding + 1, (len(x), 2)).tolist()
    return torch.stack([image[:, top:top + size, left:left + size] for image, (top, left) in zip(x, at)])


def endless(images, classes, task):
    """Yields the batches of one epoch after the other, each in a random order."""
    while True:
        for rows in torch.randperm(len(images)).split(task["batch"]):
            yield changed(images[rows].float() / 255, task["padding"]), classes[rows]


def make_optimizer(net, task):
    if task["optimizer"] == "sgd":
        return torch.optim.SGD(net.parameters(), lr=task["lr"], momentum=0.9, nesterov=True)
    return torch.optim.AdamW(net.parameters(), lr=task["lr"], weight_decay=task["decay"])


def train(net, images, classes, task):
    """Trains until the processor time is used up. Returns the number of steps."""
    loss, optimizer = nn.CrossEntropyLoss(label_smoothing=task["smoothing"]), make_optimizer(net, task)
    epoch, begin, length = -(-len(images) // task["batch"]), processor(), 0
    for step, (x, y) in enumerate(endless(images, classes, task)):
        if step == MEASURED.start:
            before = processor()
        elif step == MEASURED.stop:
            spent = processor() - before
            length = step + int((task["seconds"] - (processor() - begin)) / (spent / len(MEASURED)))
        if length and step >= length:
            return step
        warmup = min(epoch, length // 5) if task["epoch_warmup"] else 500
        rising, at = (step + 1) / max(warmup, 1), (step - warmup) / max(length - warmup, 1)
        factor = 0.01 if not length else rising if step < warmup else (1 + math.cos(math.pi * at)) / 2
        for group in optimizer.param_groups:
            group["lr"] = task["lr"] * factor
        optimizer.zero_grad()
        loss(net(x), y).backward()
        optimizer.step()


def test(net, images, classes):
    net.eval()
    with torch.no_grad():
        right = sum((net(images[rows].float() / 255).argmax(1) == classes[rows]).sum().item()
                    for rows in torch.arange(len(images)).split(256))
    return right / len(images)


def main(directory, held_out, text):
    task = json.loads(text)
    torch.manual_seed(task["seed"])
    torch.set_num_threads(task["threads"])
    images, classes = read(directory)
    net = chain(task["spec"])
    net(torch.zeros(2, *images.shape[1:]))  # sets the shapes of the lazy modules
    before = processor()
    steps = train(net, images, classes, task)
    spent = processor() - before
    print(json.dumps({"accuracy": test(net, *read(held_out)), "epochs": steps * task["batch"] / len(images),
                      "processor_seconds": spent, "parameters": sum(p.numel() for p in net.parameters())}))


if __name__ == "__main__":
    main(*sys.argv[1:])

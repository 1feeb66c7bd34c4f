"""Trains nets with PyTorch 1.13 or later. Net "cnn" is lade's preset "cnn 10".

    torch_train.py speed SECONDS THREADS NET SIDE CHANNELS [DIR]
        Trains with batches of 64. The data is one batch in memory, which has images of SIDE x SIDE pixels, or the files
        of DIR with random flips and shifts. NET is a key of NETS. Prints four numbers, as bench_train.c does: images
        per second, images per second of processor time, 0 (because the waiting time is not measured), and the memory in
        bytes.
    torch_train.py accuracy TRAIN TEST THREADS SEED EPOCHS
        Trains as bench/accuracy describes. Prints a JSON object.

Directories have one folder for each class. torchvision's ImageFolder and a DataLoader of two processes read them.
"""
import json
import math
import os
import sys
import time

import torch
from torch import nn

WARMUP, LR, BATCH = 500, 0.02, 32  # as in bench/accuracy


def make_net():
    return nn.Sequential(nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.Conv2d(64, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Flatten(), nn.Linear(2304, 512), nn.ReLU(), nn.Dropout(0.5), nn.Linear(512, 10))


def conv(inputs, outputs, size, groups=1, stride=1, padding=0):
    return nn.Conv2d(inputs, outputs, size, stride, padding, groups=groups)


def global_mean():
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())


NETS = {  # the same nets as in bench/train
    "cnn": make_net,
    "LeNet": lambda: nn.Sequential(conv(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2), conv(6, 16, 5), nn.ReLU(),
                                   nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84),
                                   nn.ReLU(), nn.Linear(84, 10)),
    "digits": lambda: nn.Sequential(conv(1, 32, 3), nn.ReLU(), conv(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
                                    nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Linear(128, 10)),
    "few channels": lambda: nn.Sequential(conv(3, 8, 3), nn.ReLU(), conv(8, 16, 3), nn.ReLU(), nn.MaxPool2d(2),
                                          conv(16, 12, 3), nn.ReLU(), nn.Flatten(), nn.Linear(1728, 10)),
    "depthwise": lambda: nn.Sequential(conv(3, 32, 3, 1, 2, 1), nn.ReLU(), conv(32, 32, 3, 32, 1, 1), nn.ReLU(),
                                       conv(32, 64, 1), nn.ReLU(), conv(64, 64, 3, 64, 2, 1), nn.ReLU(),
                                       conv(64, 128, 1), nn.ReLU(), global_mean(), nn.Linear(128, 10)),
    "1x1": lambda: nn.Sequential(conv(3, 24, 1), nn.ReLU(), conv(24, 64, 1), nn.ReLU(), conv(64, 10, 1),
                                 global_mean()),
    "stride 2": lambda: nn.Sequential(conv(3, 8, 3, 1, 2, 1), nn.ReLU(), conv(8, 16, 3, 1, 2, 1), nn.ReLU(),
                                      conv(16, 32, 3, 1, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(512, 10)),
    "groups": lambda: nn.Sequential(conv(3, 32, 3, 1, 2, 1), nn.ReLU(), conv(32, 64, 3, 8, 1, 1), nn.ReLU(),
                                    conv(64, 64, 3, 4, 2, 1), nn.ReLU(), global_mean(), nn.Linear(64, 10)),
    "batchnorm": lambda: nn.Sequential(conv(3, 32, 3, 1, 1, 1), nn.BatchNorm2d(32), nn.ReLU(), conv(32, 32, 3, 1, 1, 1),
                                       nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2), conv(32, 64, 3, 1, 1, 1),
                                       nn.BatchNorm2d(64), nn.ReLU(), global_mean(), nn.Linear(64, 10)),
}


def loader(directory, batch, shuffle, *augmentation):
    from torchvision import datasets, transforms
    data = datasets.ImageFolder(directory, transforms.Compose([*augmentation, transforms.ToTensor()]))
    return torch.utils.data.DataLoader(data, batch, shuffle=shuffle, num_workers=2)


def family():
    """Returns the process ids of this process and of its running children."""
    yield os.getpid()
    for pid in os.listdir("/proc"):
        try:
            if pid.isdigit() and int(open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[1]) == os.getpid():
                yield int(pid)
        except OSError:
            pass  # the process has ended


def processor():
    """Returns the seconds of processor time of this process, of running workers and of ended workers."""
    total = 0
    for pid in family():
        try:
            fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
            mine = fields[11:15] if pid == os.getpid() else fields[11:13]
            total += sum(map(int, mine)) / os.sysconf("SC_CLK_TCK")
        except OSError:
            pass
    return total


def memory():
    """Returns the memory of this process and its workers in bytes. Shared memory is counted once."""
    total = 0
    for pid in family():
        try:
            for line in open(f"/proc/{pid}/smaps_rollup"):
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        except OSError:
            pass
    return total


def endless(directory, side, channels):
    if directory:
        from torchvision import transforms
        batches = loader(directory, 64, True, transforms.RandomHorizontalFlip(),
                         transforms.RandomAffine(0, translate=(0.125, 0.125)))
    else:
        batches = [(torch.rand(64, channels, side, side), torch.randint(0, 10, (64,)))]
    while True:
        yield from batches


def speed(seconds, threads, name, side, channels, directory=None):
    torch.manual_seed(0)
    torch.set_num_threads(int(threads))
    net, loss = NETS[name](), nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, nesterov=True)
    samples = step = 0
    for x, y in endless(directory, int(side), int(channels)):
        optimizer.zero_grad()
        loss(net(x), y).backward()
        optimizer.step()
        step += 1
        if step == 5:
            start, before = time.time(), processor()
        elif step > 5:
            samples += len(x)
            if time.time() - start >= float(seconds):
                break
    spent, used = time.time() - start, processor() - before
    print(samples / spent, samples / used, 0, memory())


def test(net, batches):
    right = 0
    net.eval()
    with torch.no_grad():
        for x, y in batches:
            right += (net(x).argmax(1) == y).sum().item()
    net.train()
    return right / len(batches.dataset)


def accuracy(train, held_out, threads, seed, epochs):
    from torchvision import transforms
    start, epochs = time.time(), int(epochs)
    torch.manual_seed(int(seed))
    torch.set_num_threads(int(threads))
    net, loss = make_net(), nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=LR, momentum=0.9, nesterov=True)
    batches = loader(train, BATCH, True, transforms.RandomHorizontalFlip())
    left = epochs * len(batches) - WARMUP
    factor = lambda step: (step + 1) / WARMUP if step < WARMUP else (1 + math.cos(math.pi * (step - WARMUP) / left)) / 2
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
    tests, results, most = loader(held_out, 256, False), [], 0
    for epoch in range(epochs):
        total = 0
        for step, (x, y) in enumerate(batches):
            optimizer.zero_grad()
            value = loss(net(x), y)
            value.backward()
            optimizer.step()
            schedule.step()
            total += value.item() * len(x)
            if step % 200 == 100:
                most = max(most, memory())
        results.append({"loss": total / len(batches.dataset), "val_accuracy": test(net, tests)})
        print(f"epoch {epoch + 1}: {results[-1]}", file=sys.stderr)
    print(json.dumps({"epochs": results, "val_accuracy": results[-1]["val_accuracy"], "seconds": time.time() - start,
                      "processor_seconds": processor(), "memory": most}))


if __name__ == "__main__":
    {"speed": speed, "accuracy": accuracy}[sys.argv[1]](*sys.argv[2:])

"""Trains a net of PyTorch on several processes with DistributedDataParallel.

    torchrun --nproc-per-node 2 ddp_torch.py photos

Each process decodes its own part of each batch. lade finds the rank in torch.distributed.
"""

from __future__ import annotations

import sys

import lade
import torch
from torch import distributed, nn
from torch.nn import functional
from torch.nn.parallel import DistributedDataParallel


def main(arguments: list[str] | None = None) -> None:
    (directory,) = sys.argv[1:] if arguments is None else arguments
    distributed.init_process_group("gloo")
    # Without drop_last, the last batch of an epoch can be so small that a process gets no sample of this batch.
    flow = lade.flow_from_directory(
        directory, target_size=(32, 32), class_mode="sparse", rescale=1 / 255, batch_size=8, seed=1, drop_last=True
    )
    torch.manual_seed(1)
    net = DistributedDataParallel(nn.Sequential(nn.Flatten(), nn.Linear(32 * 32 * 3, len(flow.class_names))))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    samples = 0
    for _ in range(2):
        for x, y in lade.torch.loader(flow):
            loss = functional.cross_entropy(net(x.contiguous()), y)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call, unused-ignore]
            optimizer.step()
            samples += len(x)
    checksum = sum(float(p.detach().double().sum()) for p in net.parameters())
    # Write the whole line with one call, so that the lines of the processes do not mix.
    sys.stdout.write(f"rank {flow.process.rank} of {flow.process.world}: samples {samples}, checksum {checksum:.9f}\n")
    sys.stdout.flush()
    distributed.destroy_process_group()


if __name__ == "__main__":
    main()

"""Finds the rank of this process among the processes that train together."""

from __future__ import annotations

import os
import sys
from typing import NamedTuple

# Pairs of environment variables (rank, world), in the order in which they are tried.
_VARIABLES = (
    ("RANK", "WORLD_SIZE"),
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    ("PMIX_RANK", "PMIX_SIZE"),
    ("PMI_RANK", "PMI_SIZE"),
    ("SLURM_PROCID", "SLURM_NTASKS"),
)


class Process(NamedTuple):
    """The number of a process (rank), the number of all processes (world), and the origin of these two numbers."""

    rank: int
    world: int
    origin: str


def _from_torch() -> Process | None:
    torch = sys.modules.get("torch")
    distributed = getattr(torch, "distributed", None)
    if distributed is None or not distributed.is_available() or not distributed.is_initialized():
        return None
    return Process(int(distributed.get_rank()), int(distributed.get_world_size()), "torch.distributed")


def _from_jax() -> Process | None:
    jax = sys.modules.get("jax")
    is_initialized = getattr(getattr(jax, "distributed", None), "is_initialized", None)
    if jax is None or is_initialized is None or not is_initialized():
        return None
    return Process(int(jax.process_index()), int(jax.process_count()), "jax.distributed")


def _from_variables(rank_name: str, world_name: str) -> Process | None:
    try:
        rank, world = int(os.environ[rank_name]), int(os.environ[world_name])
    except (KeyError, ValueError):
        return None
    return Process(rank, world, f"{rank_name}, {world_name}") if 0 <= rank < world else None


def find_process(rank: int | None = None, world: int | None = None) -> Process:
    """Return the rank and the world of this process.

    If an argument is given, the arguments are used. Otherwise, if the program has initialised torch.distributed or
    jax.distributed, the result comes from this module. Otherwise, the result comes from the environment variables of
    torchrun, MPI or Slurm. Without these variables, the rank is 0 and the world is 1.
    """
    if rank is not None or world is not None:
        return Process(rank or 0, 1 if world is None else world, "arguments")
    found = _from_torch() or _from_jax()
    for names in _VARIABLES:
        found = found or _from_variables(*names)
    return found or Process(0, 1, "default")

"""Tests of states: a flow is resumed with other numbers of workers and ranks, and in another process. Also tests that
the rank is found automatically."""

import json
import os
import subprocess
import sys

import lade
import numpy as np
import pytest
from lade._process import find_process

OPTIONS = {"target_size": [8, 8], "batch_size": 6, "seed": 3, "rotation_range": 30, "class_mode": "sparse"}

SCRIPT = """
import json, sys, lade
tree, state, options, workers, world, batches = json.loads(sys.argv[1])
total = lade.Digest()
for rank in range(world):
    flow = lade.flow_from_directory(tree, workers=workers, rank=rank, world=world, **options)
    flow.load_state_dict(state)
    for _ in range(batches):
        total.add(next(flow))
print(total)
"""


@pytest.mark.parametrize(("step", "workers", "world"), [(0, 1, 1), (3, 3, 2), (5, 2, 3), (7, 4, 4)])
def test_another_process_continues_with_the_same_bytes(tree, step, workers, world):
    flow = lade.flow_from_directory(tree, workers=2, **OPTIONS)
    for _ in range(step):
        next(flow)
    state = json.loads(json.dumps(flow.state_dict()))
    expected = lade.Digest()
    for _ in range(8):
        expected.add(next(flow))
    arguments = json.dumps([str(tree), state, OPTIONS, workers, world, 8])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    result = subprocess.run([sys.executable, "-c", SCRIPT, arguments], env=environment, capture_output=True, text=True,
                            timeout=60)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == str(expected)


def test_a_state_in_the_middle_of_an_epoch(tree):
    flow = lade.flow_from_directory(tree, **OPTIONS)
    for _ in range(7):
        next(flow)
    other = lade.flow_from_directory(tree, **OPTIONS)
    other.load_state_dict(flow.state_dict())
    batches = list(other.epoch())
    assert [(b.epoch, b.step) for b in batches] == [(1, 2), (1, 3), (1, 4)]
    assert next(other).epoch == 2


def test_wrong_states(tree):
    flow = lade.flow_from_directory(tree, **OPTIONS)
    state = flow.state_dict()
    other = lade.flow_from_directory(tree, **{**OPTIONS, "seed": 4})
    with pytest.raises(ValueError, match="seed") as caught:
        other.load_state_dict(state)
    assert caught.value.status == "LADE_EMISMATCH" and caught.value.subject == "seed"
    for wrong in ({}, {"lade_flow": 1}, {**state, "epoch": -1}, {**state, "epoch": "x"}):
        with pytest.raises(ValueError):
            flow.load_state_dict(wrong)
    for wrong in (None, "{}", [1]):
        with pytest.raises(TypeError):
            flow.load_state_dict(wrong)
    assert flow.state_dict() == state


@pytest.mark.parametrize(
    ("rank_name", "world_name"),
    [
        ("RANK", "WORLD_SIZE"), ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), ("PMIX_RANK", "PMIX_SIZE"),
        ("PMI_RANK", "PMI_SIZE"), ("SLURM_PROCID", "SLURM_NTASKS"),
    ],
)  # fmt: skip
def test_the_rank_is_found_in_the_environment(tree, monkeypatch, rank_name, world_name):
    monkeypatch.setenv(rank_name, "1")
    monkeypatch.setenv(world_name, "3")
    flow = lade.flow_from_directory(tree, **OPTIONS)
    assert (flow.process.rank, flow.process.world) == (1, 3) and rank_name in repr(flow) and "world=3" in repr(flow)
    assert next(flow).n == 2
    assert lade.flow_from_directory(tree, rank=0, world=1, **OPTIONS).options["world"] == 1
    monkeypatch.setenv(rank_name, "5")
    assert find_process() == (0, 1, "default")


def test_the_rank_of_torch_is_used_if_torch_is_initialised(monkeypatch):
    class Distributed:
        initialised = True

        def is_available(self):
            return True

        def is_initialized(self):
            return self.initialised

        def get_rank(self):
            return 2

        def get_world_size(self):
            return 4

    class Torch:
        distributed = Distributed()

    monkeypatch.setenv("RANK", "0")
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setitem(sys.modules, "torch", Torch())
    assert find_process() == (2, 4, "torch.distributed")
    Torch.distributed.initialised = False
    assert find_process() == (0, 2, "RANK, WORLD_SIZE")
    assert find_process(1, 3) == (1, 3, "arguments")


def test_ranks_share_each_batch(tree):
    whole = lade.flow_from_directory(tree, **OPTIONS)
    parts = [lade.flow_from_directory(tree, rank=r, world=4, **OPTIONS) for r in range(4)]
    for _ in range(6):
        expected = next(whole).x.numpy()
        assert (np.concatenate([next(p).x.numpy() for p in parts]) == expected).all()
    with pytest.raises(ValueError, match="rank"):
        lade.flow_from_directory(tree, rank=4, world=4)

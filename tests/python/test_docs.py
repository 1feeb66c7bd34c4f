"""Runs each block of Python in docs/python.md on a small data set."""

import re
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "python.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.S | re.M)
HEADINGS = [re.findall(r"^## (.*)$", PAGE.read_text().split(block)[0], re.M)[-1] for block in BLOCKS]


@pytest.mark.parametrize("block", BLOCKS, ids=HEADINGS)
def test_a_block_runs(tree, tmp_path, monkeypatch, block):
    for framework in ("torch", "jax", "tensorflow", "lightning"):
        if re.search(rf"^import {framework}\b", block, re.M):
            pytest.importorskip(framework, reason=f"{framework} is not installed")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").symlink_to(tree)
    exec(compile(block, str(PAGE), "exec"), {"__name__": "block"})


def test_the_page_has_a_block_for_each_topic():
    assert len(BLOCKS) >= 9
    assert "lade" in sys.modules

"""The base of the loaders for PyTorch and JAX: epochs and the position."""

from __future__ import annotations

from typing import Any

from ._flow import Flow


class Position:
    """The length and the position of a loader, which are the length and the position of its flow."""

    flow: Flow
    """The flow that makes the batches."""

    def __len__(self) -> int:
        return len(self.flow)

    @property
    def epoch(self) -> int:
        """int: The number of the epoch that the next batch belongs to."""
        epoch: int = self.flow.state_dict()["epoch"]
        return epoch

    def set_epoch(self, epoch: int) -> None:
        """Continue at the beginning of an epoch.

        If the position is already in this epoch, the call does nothing. So a program that calls ``set_epoch(epoch)``
        before each epoch can also resume in the middle of an epoch.

        Parameters
        ----------
        epoch : int
            The first epoch is 0. The same epoch always has the same batches.
        """
        state = self.flow.state_dict()
        if state["epoch"] != epoch:
            self.flow.load_state_dict({**state, "epoch": epoch, "position": 0})

    def state_dict(self) -> dict[str, Any]:
        """Return the position. See ``Flow.state_dict()``."""
        return self.flow.state_dict()

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Continue at the position of a state. See ``Flow.load_state_dict()``."""
        self.flow.load_state_dict(state_dict)

    def __repr__(self) -> str:
        return f"<{type(self).__module__}.{type(self).__name__} of {self.flow!r}>"


def is_class_index(flow: Flow) -> bool:
    """Return True if the labels of the flow are class indices."""
    return bool(flow.options["class_mode"] == "sparse")

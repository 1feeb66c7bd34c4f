"""Streams images from an SQLite database. lade decodes and augments them, and chooses their order.

    python sqlite_sequence.py photos.db

The database has the table images(id, label, content). The ids are 1, 2, 3, ...
"""

from __future__ import annotations

import sqlite3
import sys
import threading

import lade


class Images:
    """A sequence of images. An item is the content and the label of an image. Several threads read items at the same time."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.local = threading.local()
        row = self.connection().execute("SELECT count(*) FROM images").fetchone()
        self.count = int(row[0])

    def connection(self) -> sqlite3.Connection:
        """Return the connection of this thread, because a connection of sqlite3 belongs to one thread."""
        if not hasattr(self.local, "connection"):
            self.local.connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        connection: sqlite3.Connection = self.local.connection
        return connection

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, i: int) -> tuple[bytes, str]:
        row = self.connection().execute("SELECT content, label FROM images WHERE id = ?", (i + 1,)).fetchone()
        content, label = row
        return content, label


def main(arguments: list[str] | None = None) -> dict[str, int]:
    (path,) = sys.argv[1:] if arguments is None else arguments
    flow = lade.flow_from_sequence(Images(path), target_size=(64, 64), class_mode="sparse", horizontal_flip=True)
    counts = dict.fromkeys(flow.class_names, 0)
    for _, y in flow.epoch():
        for label in y.numpy().ravel():
            counts[flow.class_names[int(label)]] += 1
    print(counts)
    return counts


if __name__ == "__main__":
    main()

"""Tries an installed wheel on a system without the libraries of lade. tools/check-distributions --wheel runs this file.

Prints one line, or fails.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import lade
import numpy as np


def command(*arguments):
    return subprocess.run(["lade", *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def system_libraries():
    listing = subprocess.run(["/sbin/ldconfig", "-p"], check=True, capture_output=True, text=True).stdout
    return re.findall(r"lib(?:jpeg|spng|webp|tiff|gif|avif|dnnl|cairo|jansson)\S*", listing)


def check_licences(packages):
    """Check that the wheel has a licence for each of its libraries."""
    (folder,) = packages.glob("lade-*.dist-info/licenses/third_party")
    licences = dict(line.split() for line in (folder / "LIBRARIES").read_text().splitlines())
    assert set(licences) == {path.name for path in packages.glob("lade.libs/*")}
    for name in licences.values():
        assert "copyright" in (folder / name).read_text().lower(), name


def main():
    assert not system_libraries(), system_libraries()
    folder = Path(tempfile.mkdtemp())
    command("synth", folder / "shapes", "--class-count", 3, "--per-class", 30, "--formats", "jpeg,png,bmp,pnm")
    flow = lade.flow_from_directory(folder / "shapes", target_size=(32, 32), batch_size=16, class_mode="sparse", rescale=1 / 255)
    digest = lade.Digest()
    for batch in flow.epoch():
        digest.add(batch)
        assert np.asarray(batch.x).ctypes.data == batch.x.address
    flow = lade.flow_from_directory(folder / "shapes", target_size=(32, 32), batch_size=16, rescale=1 / 255)
    losses = [metrics.loss for metrics in lade.Net("cnn 3", flow).fit(flow, optimizer=lade.Adam(lr=1e-3), epochs=2)]
    assert losses and all(np.isfinite(losses)), losses
    # The command needs cairo to draw, and the loader of the wheel finds libavif, which is not in the system.
    command("preview", folder / "shapes", "-o", folder / "sheet.png")
    assert (folder / "sheet.png").stat().st_size > 1000
    avif = list(Path(lade.__file__).parents[1].glob("lade.libs/libavif*"))
    assert avif, "libavif is not in the wheel"
    check_licences(Path(lade.__file__).parents[1])
    print(f"ok: lade {lade.__version__}, Python {sys.version.split()[0]}, digest {digest}, {command('--version').splitlines()[0]}")


main()

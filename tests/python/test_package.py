"""The package as a whole: its names, its documentation, and the cost of importing it."""

import inspect
import os
import subprocess
import sys

import lade
import pytest

MEASURE = """
import resource, time
memory, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
import lade
print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory)
"""


@pytest.mark.skipif("LADE_SANITIZED" in os.environ, reason="a sanitizer makes the import slower")
def test_the_import_is_fast_and_small():
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    costs = []
    for _ in range(5):
        result = subprocess.run([sys.executable, "-c", MEASURE], env=environment, capture_output=True, text=True, check=True)
        costs.append([float(word) for word in result.stdout.split()])
    assert min(seconds for seconds, _ in costs) < 0.05
    assert min(kilobytes for _, kilobytes in costs) < 15 * 1024


def test_numpy_is_not_imported():
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    code = "import lade, sys; sys.exit('numpy' in sys.modules or 'torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


@pytest.mark.parametrize("name", [n for n in lade.__all__ if n != "__version__"])
def test_every_public_name_has_documentation(name):
    value = getattr(lade, name)
    assert inspect.getdoc(value), name
    if inspect.isclass(value) and value.__module__.startswith("lade"):
        for key, member in vars(value).items():
            if not key.startswith("_") and (inspect.isroutine(member) or isinstance(member, property)):
                assert inspect.getdoc(getattr(value, key)), f"{name}.{key}"
    elif inspect.isfunction(value):
        documentation = inspect.getdoc(value)
        for parameter in inspect.signature(value).parameters:
            assert parameter in documentation, f"{name}: {parameter}"


def test_names():
    assert set(lade.__all__) <= set(dir(lade))
    assert lade.__version__.count(".") == 2
    with pytest.raises(AttributeError):
        lade.nonsense

"""Reads tensors of lade with from_dlpack() of NumPy and PyTorch, if these libraries are installed.

    LADE_LIBRARY=liblade.so libraries.py

Each tensor is exported as a DLManagedTensor and as a DLManagedTensorVersioned. NumPy before version 2.1 and PyTorch
before version 2.9 accept only a DLManagedTensor. For these versions, the test of DLManagedTensorVersioned is skipped.
If neither library is installed, the whole test is skipped.
"""
import ctypes
import importlib
import os
import sys

if os.environ.get("LADE_SANITIZED"):
    print("skipped: the runtime of sanitizers must be loaded before Python")
    sys.exit(77)
lade = ctypes.CDLL(os.environ["LADE_LIBRARY"])
for function, arguments in (
    (lade.lade_tensor_new, [ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.c_int64)]),
    (lade.lade_tensor_data, [ctypes.c_void_p]),
    (lade.lade_tensor_to_dlpack, [ctypes.c_void_p]),
    (lade.lade_tensor_to_dlpack_versioned, [ctypes.c_void_p]),
    (lade.lade_tensor_unref, [ctypes.c_void_p]),
):
    function.argtypes, function.restype = arguments, ctypes.c_void_p
new_capsule = ctypes.pythonapi.PyCapsule_New
new_capsule.argtypes, new_capsule.restype = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p], ctypes.py_object
FLOAT32 = 0


class Exporter:
    """An object with the methods that from_dlpack() calls. @versioned selects the struct."""

    def __init__(self, tensor, versioned):
        self.tensor, self.versioned = tensor, versioned

    def __dlpack_device__(self):
        return (1, 0)

    def __dlpack__(self, **arguments):
        if self.versioned:
            return new_capsule(lade.lade_tensor_to_dlpack_versioned(self.tensor), b"dltensor_versioned", None)
        return new_capsule(lade.lade_tensor_to_dlpack(self.tensor), b"dltensor", None)


def new_tensor(shape):
    tensor = lade.lade_tensor_new(FLOAT32, len(shape), (ctypes.c_int64 * len(shape))(*shape))
    values = ctypes.cast(lade.lade_tensor_data(tensor), ctypes.POINTER(ctypes.c_float))
    count = 1
    for size in shape:
        count *= size
    for i in range(count):
        values[i] = i
    return tensor, count


def accepts_versioned(library, name):
    number = tuple(int(part) for part in library.__version__.split("+")[0].split(".")[:2])
    return number >= {"numpy": (2, 1), "torch": (2, 9)}[name]


def check(library, versioned):
    for shape in ((2, 3, 4), (5,), (0, 224, 224, 3)):
        tensor, count = new_tensor(shape)
        array = library.from_dlpack(Exporter(tensor, versioned))
        lade.lade_tensor_unref(tensor)  # the array has its own reference
        assert tuple(array.shape) == shape, (array.shape, shape)
        assert array.flatten().tolist() == list(range(count)), shape


def main():
    found = 0
    for name in ("numpy", "torch"):
        try:
            library = importlib.import_module(name)
        except ImportError:
            print(f"partly skipped: {name} is not installed")
            continue
        found += 1
        check(library, False)
        if accepts_versioned(library, name):
            check(library, True)
            print(f"{name} {library.__version__} reads both structs")
        else:
            print(f"partly skipped: {name} {library.__version__} reads only DLManagedTensor")
    if not found:
        print("skipped: neither NumPy nor PyTorch is installed")
        sys.exit(77)


if __name__ == "__main__":
    main()

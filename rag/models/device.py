"""Where models compute: on a GPU that torch or llama.cpp can use, else on the CPU.

Owns: which device ``RAG_DEVICE`` stands for on this machine, and that a GPU that fails gives way to the CPU, which is
said once. Knows nothing about any one model. torch is imported when a model is loaded.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypeVar

from rag.notices import Notice
from rag.parts import warn_once

CPU, AUTO = "cpu", "auto"
_GPUS = ("cuda", "mps")
# Layers of a language model that are moved to a GPU: more than any has.
ALL_LAYERS = 999

Result = TypeVar("Result")


class TorchDevice:
    """The device of one model of torch. ``name`` is where it computes, once it is loaded."""

    def __init__(self, wanted: str) -> None:
        """Choose nothing yet.

        Args:
            wanted: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        """
        self._wanted = wanted
        self.name = CPU

    def load(self, load: Callable[[str], Result]) -> Result:
        """Load a model on the device; where that is a GPU and fails, on the CPU.

        Args:
            load: Loads the model on the device that it is given.

        Returns:
            The model.
        """
        self.name = choose_torch_device(self._wanted)
        if self.name == CPU:
            return load(CPU)
        try:
            return load(self.name)
        except Exception as error:
            cause = type(error).__name__
        # Outside of the handler, so that what the GPU holds is let go of. A model that fails here too is to blame.
        loaded = load(CPU)
        self._give_up(cause)
        return loaded

    def run(self, run: Callable[[], Result], move: Callable[[], object]) -> Result:
        """Compute something; where a GPU fails, move the model to the CPU and compute it there.

        Args:
            run: Computes it where the model is.
            move: Moves the model to the CPU.

        Returns:
            What was computed.
        """
        if self.name == CPU:
            return run()
        try:
            return run()
        except RuntimeError as error:  # torch's errors of devices and of their memory
            cause = type(error).__name__
        move()
        self._give_up(cause)
        return run()

    def _give_up(self, cause: str) -> None:
        warn_once(str(Notice("gpu-failed", {"device": self.name, "cause": cause})))
        self.name = CPU


def choose_torch_device(wanted: str) -> str:
    """Return where models of torch compute.

    Args:
        wanted: ``auto``, ``cpu``, ``cuda`` or ``mps``; one that torch cannot use is said once and is the CPU.

    Returns:
        ``cpu``, ``cuda`` or ``mps``.
    """
    if wanted == CPU:
        return CPU
    usable = torch_gpus()
    if wanted == AUTO:
        return next(iter(usable), CPU)
    if wanted in usable:
        return wanted
    warn_once(str(Notice("gpu-absent", {"device": wanted, "library": "torch"})))
    return CPU


def may_have_gpu(wanted: str) -> bool:
    """Tell whether torch may find a GPU here, without importing it, which takes seconds.

    Args:
        wanted: ``auto``, ``cpu``, ``cuda`` or ``mps``.

    Returns:
        False where it surely finds none, or none is wanted.
    """
    if wanted != AUTO:
        return wanted != CPU
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    try:
        if version("torch").endswith("+cpu"):
            return False
    except PackageNotFoundError:
        return False
    drivers = ("/dev/nvidiactl", "/dev/kfd", f"{os.environ.get('SYSTEMROOT', '')}/System32/nvcuda.dll")
    return any(os.path.exists(driver) for driver in drivers)


def torch_gpus() -> tuple[str, ...]:
    """Return the kinds of GPU that torch can use here."""
    import torch

    usable = (torch.cuda.is_available(), torch.backends.mps.is_available())
    return tuple(name for name, is_usable in zip(_GPUS, usable, strict=True) if is_usable)


def llama_gpus() -> tuple[str, ...]:
    """Return the names of the GPUs that llama.cpp can use here: of a build with support for them."""
    import xllamacpp

    try:
        devices = xllamacpp.get_device_info()
    except Exception:  # a build without this question, or a driver that fails
        return ()
    return tuple(str(device["description"] or device["name"]) for device in devices if _is_gpu(device))


def _is_gpu(device: dict[str, Any]) -> bool:
    # GPU, and IGPU for one that shares the memory of the machine; ACCEL is a library for the CPU.
    return str(getattr(device.get("type"), "name", "")).endswith(("_GPU", "_IGPU"))


def gpu_layers(wanted: str) -> int:
    """Return how many layers of a language model are given to a GPU.

    Args:
        wanted: ``auto``, ``cpu``, ``cuda`` or ``mps``; llama.cpp uses whichever GPU its build supports.

    Returns:
        0, or more than any model has.
    """
    if wanted == CPU:
        return 0
    if llama_gpus():
        return ALL_LAYERS
    if wanted != AUTO:
        warn_once(str(Notice("gpu-absent", {"device": wanted, "library": "llama.cpp"})))
    return 0


def describe_devices(wanted: str) -> Notice:
    """Say where models compute.

    Args:
        wanted: ``auto``, ``cpu``, ``cuda`` or ``mps``.

    Returns:
        A sentence for ``rag doctor``.
    """
    try:
        torch_device = CPU if wanted == CPU else choose_torch_device(wanted)
        gpus = () if wanted == CPU else llama_gpus()
    except ImportError:
        torch_device, gpus = CPU, ()
    return Notice("devices", {"torch": torch_device, "llama": list(gpus) or [CPU], "wanted": wanted})

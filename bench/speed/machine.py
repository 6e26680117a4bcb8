"""What the figures were measured on."""

import os
import platform
from pathlib import Path


def machine() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    busy = os.getloadavg()[0]
    return f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores, load {busy:.1f}"

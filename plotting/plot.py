#!/usr/bin/env python3
"""Pictures of what a Pelagos run wrote: plot.py COMMAND FILE ...; `plot.py --help` says more."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

DEBIAN_PACKAGES = {
    "numpy": "python3-numpy",
    "h5py": "python3-h5py",
    "xarray": "python3-xarray",
    "netCDF4": "python3-netcdf4",
    "matplotlib": "python3-matplotlib",
    "PIL": "python3-pil",
}


HANDED_OVER = "PELAGOS_PLOT_HANDED_OVER"


def hand_over() -> None:
    """Goes on under an interpreter that has what the plots need, if find_python knows one. Returns if there is none."""
    finder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "find_python")
    found = subprocess.run([finder], capture_output=True, text=True, check=False)
    if found.returncode == 0 and HANDED_OVER not in os.environ:
        os.environ[HANDED_OVER] = "1"
        python = found.stdout.strip()
        os.execv(python, [python, *sys.argv])


def check_modules() -> None:
    """Finds an interpreter that has all modules, or ends with one sentence and exit code 5."""
    missing = [name for name in DEBIAN_PACKAGES if importlib.util.find_spec(name) is None]
    if not missing:
        return
    hand_over()
    packages = " ".join(DEBIAN_PACKAGES[name] for name in missing)
    print(
        f"plot.py: this Python ({sys.executable}) lacks {', '.join(missing)}, and no other was found that has them; "
        f"on Debian, apt-get install {packages}",
        file=sys.stderr,
    )
    sys.exit(5)


if __name__ == "__main__":
    check_modules()
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from pelagos_plot.command import main

    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
"""Pictures of what a Pelagos run wrote: `plot.py field|series|movie FILE ...`; `plot.py --help` says more."""

from __future__ import annotations

import importlib.util
import os
import sys

DEBIAN_PACKAGES = {
    "numpy": "python3-numpy",
    "h5py": "python3-h5py",
    "xarray": "python3-xarray",
    "netCDF4": "python3-netcdf4",
    "matplotlib": "python3-matplotlib",
    "PIL": "python3-pil",
}


def check_modules() -> None:
    """Ends with one sentence and exit code 5 if this interpreter lacks a module that the plots need."""
    missing = [name for name in DEBIAN_PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        packages = " ".join(DEBIAN_PACKAGES[name] for name in missing)
        print(
            f"plot.py: this Python ({sys.executable}) lacks {', '.join(missing)}; "
            f"on Debian, apt-get install {packages} and run /usr/bin/python3 {sys.argv[0]} ...",
            file=sys.stderr,
        )
        sys.exit(5)


if __name__ == "__main__":
    check_modules()
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from pelagos_plot.command import main

    sys.exit(main(sys.argv[1:]))

"""A module includes only modules on lower floors, and an app includes no other app.

The floors are those of the design: base at the bottom, then io, machine and deck, mesh, exec, then stepping, spectral
and particles, then sim, then the apps, then the command.
"""

from __future__ import annotations

import os
import re
import tempfile
import unittest
from collections.abc import Iterator

SOURCE = os.environ.get("PELAGOS_SOURCE") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FLOORS = {
    "base": 0,
    "io": 1, "machine": 1, "deck": 1,
    "mesh": 2,
    "exec": 3,
    "stepping": 4, "spectral": 4, "particles": 4,
    "sim": 5,
}
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
UMBRELLA = "pelagos.h"


def sources(folder: str) -> Iterator[str]:
    """Every C file below `folder`."""
    for where, _, names in os.walk(folder):
        yield from (os.path.join(where, name) for name in sorted(names) if name.endswith((".c", ".h", ".inc")))


def includes(path: str) -> list[str]:
    """The quoted includes of a file."""
    with open(path, encoding="utf-8") as file:
        return INCLUDE.findall(file.read())


def fault_in_module(module: str, include: str) -> str | None:
    """Why a file of `module` may not include `include`; None if it may."""
    target = include.split("/")[0]
    if "/" not in include or target == "..":
        return "an include names its module, as in \"base/text.h\""
    if target == module:
        return None
    if module not in FLOORS or target not in FLOORS:
        return f"{target if module in FLOORS else module} has no floor; give it one in the design and in this test"
    if FLOORS[target] >= FLOORS[module]:
        return f"{module} (floor {FLOORS[module]}) may not include {target} (floor {FLOORS[target]})"
    return None


def fault_in_app(app: str, include: str, apps: set[str]) -> str | None:
    """Why a file of an app may not include `include`; the command may include every app."""
    target = include.split("/")[0]
    if target == "..":
        return "an include names its module, as in \"base/text.h\""
    if target in apps and target not in FLOORS and target != app and app != "pelagos":
        return f"the app {app} may not include the app {target}"
    return None


def library_faults(root: str) -> Iterator[str]:
    """The faults of lib/; the umbrella header at its top may include everything below."""
    library = os.path.join(root, "lib")
    for path in sources(library):
        module, *rest = os.path.relpath(path, library).split(os.sep)
        if rest or module != UMBRELLA:
            for include in includes(path):
                fault = fault_in_module(module, include)
                if fault:
                    yield f"{os.path.relpath(path, root)}: #include \"{include}\": {fault}"


def app_faults(root: str) -> Iterator[str]:
    """The faults of apps/."""
    folder = os.path.join(root, "apps")
    apps = {name for name in os.listdir(folder) if os.path.isdir(os.path.join(folder, name))}
    for path in sources(folder):
        app = os.path.relpath(path, folder).split(os.sep)[0]
        for include in includes(path):
            fault = fault_in_app(app, include, apps)
            if fault:
                yield f"{os.path.relpath(path, root)}: #include \"{include}\": {fault}"


def faults(root: str) -> list[str]:
    """All includes below `root` that break a floor."""
    return [*library_faults(root), *app_faults(root)]


class Floors(unittest.TestCase):
    def test_every_include_goes_down(self) -> None:
        found = faults(SOURCE)
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_there_is_something_to_check(self) -> None:
        self.assertGreater(sum(len(includes(path)) for path in sources(os.path.join(SOURCE, "lib"))), 10)

    def check_caught(self, path: str, include: str, reason: str | None) -> None:
        """A tree with that one include has the one fault, or none."""
        with tempfile.TemporaryDirectory() as root:
            for folder in ("lib", "apps/heat", "apps/qg", "apps/pelagos", os.path.dirname(path)):
                os.makedirs(os.path.join(root, folder), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(f'#include <stdio.h>\n#include "{include}"\n')
            found = faults(root)
        self.assertEqual(len(found), 0 if reason is None else 1, found)
        if reason is not None:
            self.assertIn(reason, found[0])

    def test_a_bad_include_is_caught(self) -> None:
        self.check_caught("lib/base/a.c", "mesh/grid.h", "may not include mesh")
        self.check_caught("lib/io/a.h", "deck/deck.h", "may not include deck")
        self.check_caught("lib/stepping/a.c", "spectral/fft.h", "may not include spectral")
        self.check_caught("lib/exec/a.c", "exec.h", "names its module")
        self.check_caught("lib/exec/a.c", "../mesh/grid.h", "names its module")
        self.check_caught("lib/sim/a.c", "pelagos.h", "names its module")
        self.check_caught("lib/novel/a.c", "base/text.h", "no floor")
        self.check_caught("lib/sim/a.c", "heat/heat.h", "no floor")
        self.check_caught("apps/heat/heat.c", "qg/qg.h", "may not include the app qg")
        self.check_caught("apps/heat/heat.c", "pelagos/run.h", "may not include the app pelagos")

    def test_a_good_include_is_let_through(self) -> None:
        self.check_caught("lib/exec/a.c", "mesh/grid.h", None)
        self.check_caught("lib/pelagos.h", "sim/app.h", None)
        self.check_caught("apps/heat/heat.c", "pelagos.h", None)
        self.check_caught("apps/heat/heat.c", "heat/heat.h", None)
        self.check_caught("apps/pelagos/main.c", "heat/heat.h", None)


if __name__ == "__main__":
    unittest.main()

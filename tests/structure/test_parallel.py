"""`omp parallel` stands only in lib/exec, and says default(none)."""

from __future__ import annotations

import os
import re
import unittest

SOURCE = os.environ.get("PELAGOS_SOURCE") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
REGION = re.compile(r'(?:#\s*pragma\s+|_Pragma\s*\(\s*")omp\s+(parallel\b[^\n]*)')


def regions(text: str) -> list[tuple[int, str]]:
    """The line and the clauses of each parallel region; a directive may go on after a backslash."""
    joined = re.sub(r"\\\n", lambda _: " \0", text)  # \0 stands for the line end that was joined
    return [(joined.count("\n", 0, found.start()) + joined.count("\0", 0, found.start()) + 1, found[1])
            for found in REGION.finditer(joined)]


def faults(path: str, text: str) -> list[str]:
    """What is wrong with the parallel regions of the file `path` (from the top of the project)."""
    found = []
    for line, clauses in regions(text):
        if not path.startswith("lib/exec/"):
            found.append(f"{path}:{line}: omp parallel stands only in lib/exec; hand the work to its team")
        elif "default(none)" not in clauses.replace(" ", ""):
            found.append(f"{path}:{line}: omp parallel without default(none)")
    return found


def files() -> list[str]:
    """Every C file of the library and the apps, from the top of the project."""
    return [os.path.relpath(os.path.join(where, name), SOURCE) for top in ("lib", "apps")
            for where, _, names in os.walk(os.path.join(SOURCE, top)) for name in names if name.endswith((".c", ".h"))]


class Parallel(unittest.TestCase):
    def test_regions_stand_in_exec_and_name_what_they_share(self) -> None:
        found = []
        for path in files():
            with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
                found += faults(path, file.read())
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_a_bad_region_is_caught(self) -> None:
        good = "int x;\n#pragma omp parallel num_threads(2) \\\n    default(none) shared(x)\n"
        self.assertEqual(faults("lib/exec/team.c", good), [])
        self.assertEqual(faults("lib/mesh/grid.c", "\n#pragma omp simd\n"), [])
        self.assertIn("lib/mesh/grid.c:2: omp parallel stands only", faults("lib/mesh/grid.c", good)[0])
        self.assertIn("without default(none)", faults("lib/exec/team.c", "# pragma omp parallel for\n")[0])
        self.assertIn("without default(none)", faults("lib/exec/team.c", '_Pragma("omp parallel")\n')[0])


if __name__ == "__main__":
    unittest.main()

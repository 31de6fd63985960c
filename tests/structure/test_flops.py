"""Loops declare the floating-point operations that their kernels do: what is declared beside a kernel is compared with
what the compiler makes of the kernel's innermost loop.

The compiler's last form of a function before it becomes machine code (-fdump-tree-optimized) has one operation a line.
At -O2, without vectors and without values that are carried from one point to the next, its innermost loop is a point,
with common terms computed once: which is how people count. Kernels with branches within a point, with a loop over
something else inside, or whose count depends on parameters are counted by hand, and are not looked at here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import unittest

SOURCE = os.environ.get("PELAGOS_SOURCE") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FLAGS = ["-std=gnu11", "-D_GNU_SOURCE", "-O2", "-fno-tree-vectorize", "-fno-tree-slp-vectorize", "-fno-unroll-loops",
         "-fno-tree-pre", "-fno-ipa-icf", "-ffp-contract=off", "-fno-math-errno", "-Ilib", "-Iapps"]
FILES = {
    "apps/heat/heat.c": 2,  # and how many kernels are compared at the least
    "apps/shallow_water/coasts.c": 2,
    "apps/shallow_water/continuity.c": 2,
    "apps/shallow_water/diagnostics.c": 11,
    "apps/shallow_water/dissipation.c": 2,
    "apps/shallow_water/momentum.c": 8,
    "apps/shallow_water/stress.c": 8,
    "apps/shallow_water/tracer.c": 2,
    "apps/shallow_water/vorticity.c": 3,
    "lib/stepping/update.c": 18,
}
BRANCHING = {"slip", "coastal_corners", "tracer_coastal"}  # by hand
OPERATION = re.compile(r"\S+ [-+*/] \S+|(?:\w*sqrt|\w*exp) \(.*")


def declared(text: str) -> dict[str, int]:
    """The operations of each kernel that the file declares, where they are a plain number beside it."""
    found: dict[str, int] = {}
    loop = r"pel_chain_(?:loop|reduce)\(\w+, \"[^\"]*\",(?: PEL_\w+,)? (\w+),[^;]*;\s*pel_chain_flops\(\w+, (\d+)\);"
    for name, flops in re.findall(loop, text):
        found[name] = int(flops)
    for name, flops in re.findall(r"^SWE_KERNEL\((\w+), \w+, (\d+)\)", text, re.MULTILINE):
        found[f"{name}_flat"] = found[f"{name}_varied"] = int(flops)
    for flat, varied, flops in re.findall(r"\(swe_kernel\)\{(\w+), (\w+), (\d+)\}", text):
        found[flat] = found[varied] = int(flops)
    found.update({name: int(flops) for name, flops in re.findall(r"\{(pel_update_\w+), (\d+)\},", text)})
    return {name: flops for name, flops in found.items() if re.sub("_(flat|varied)$", "", name) not in BRANCHING}


def functions(dump: str) -> dict[str, str]:
    """The compiler's form of each function."""
    parts = re.split(r"^;; Function (\w+)[.\w]* \(", dump, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def counted(function: str) -> int:
    """Operations on doubles in the innermost loop; 0 if there is none. Of several at one depth, each of which is one
    block that comes back to itself, in the one that has fewest (a filter makes another form of the loop)."""
    doubles = {name.strip() for names in re.findall(r"^  (?:const )?double ([\w., $]+);", function, re.MULTILINE)
               for name in names.split(",")}
    blocks = re.split(r"^;;   basic block (\d+), loop depth (\d+).*$", function, flags=re.MULTILINE)
    loops: dict[int, list[tuple[int, bool]]] = {0: []}
    for number, depth, body in zip(blocks[1::3], blocks[2::3], blocks[3::3]):
        lines = re.findall(r"^  (\S+) = ([^;]+);", body, re.MULTILINE)
        count = sum(1 for left, right in lines if OPERATION.fullmatch(right) and
                    (left in doubles or re.sub(r"_\d+$", "", left) in doubles - {""}))
        loops.setdefault(int(depth), []).append((count, f"goto <bb {number}>" in body))
    inner = [(count, is_whole) for count, is_whole in loops[max(loops)] if count and max(loops) > 0]
    if not inner:
        return 0
    return (min if all(is_whole for _, is_whole in inner) else sum)(count for count, _ in inner)


def compiled(path: str, folder: str) -> dict[str, str]:
    """The functions of a file, compiled."""
    dump = os.path.join(folder, "dump")
    subprocess.run([shutil.which("gcc") or "gcc", *FLAGS, f"-fdump-tree-optimized-blocks={dump}", "-c", path, "-o",
                    os.path.join(folder, "object.o")], cwd=SOURCE, check=True)
    with open(dump, encoding="utf-8") as file:
        return functions(file.read())


@unittest.skipUnless(shutil.which("gcc"), "gcc's dumps are read")
class Flops(unittest.TestCase):
    def test_what_is_declared_is_what_is_computed(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for path, least in FILES.items():
                with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
                    kernels = declared(file.read())
                made = compiled(path, folder)
                compared = {name: counted(made[name]) for name in kernels if name in made}
                compared = {name: count for name, count in compared.items() if count}  # else it is in a helper
                with self.subTest(path):
                    self.assertEqual(compared, {name: kernels[name] for name in compared})
                    self.assertGreaterEqual(len(compared), least)

    def test_an_innermost_loop_is_counted(self) -> None:
        form = ("\n  double _1;\n  double _2;\n  const double * _3;\n"
                ";;   basic block 2, loop depth 0\n  _1 = _2 * 3.0e+0;\n"
                ";;   basic block 3, loop depth 1\n  goto <bb 3>;\n  _2 = MEM[(const double *)_3 + i_4 * 8];\n"
                "  _1 = _2 * _2;\n  _2 = _1 + 1.0e+0;\n  _3 = _3 + 8;\n  _1 = __builtin_sqrt (_2);\n")
        self.assertEqual(counted(form), 3)


if __name__ == "__main__":
    unittest.main()

"""The C in the guides is code that is compiled and run: each piece stands in an example or in a test."""

from __future__ import annotations

import glob
import os
import re
import unittest

SOURCE = os.environ.get("PELAGOS_SOURCE") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
COMPILED = ("docs/examples/*/*.c", "tests/install/example/*.c", "tests/exec/*.c")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def read(path: str) -> str:
    """A text file."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def squeezed(text: str) -> str:
    """The text with every run of blanks as one."""
    return " ".join(text.split())


class Guide(unittest.TestCase):
    def test_every_piece_of_code_is_compiled_somewhere(self):
        sources = [squeezed(read(path)) for pattern in COMPILED for path in glob.glob(os.path.join(SOURCE, pattern))]
        for guide in ("loops.md", "spectral.md"):
            pieces = re.findall(r"```c\n(.*?)```", read(os.path.join(SOURCE, "docs", guide)), re.DOTALL)
            self.assertGreater(len(pieces), 4)
            for piece in pieces:
                self.assertTrue(any(squeezed(piece) in source for source in sources), piece)

    def test_the_examples_stay_short(self):
        for name, most in (("acoustic_wave", 120), ("vortex", 155)):
            example = read(os.path.join(SOURCE, "docs", "examples", name, f"{name}.c"))
            self.assertLess(len(example.splitlines()), most)

    def test_what_pages_link_to_is_there(self):
        for page in (*glob.glob(os.path.join(SOURCE, "docs", "*.md")), os.path.join(SOURCE, "README.md")):
            for target in LINK.findall(read(page)):
                self.assertTrue(os.path.exists(os.path.join(os.path.dirname(page), target)), f"{page}: {target}")


if __name__ == "__main__":
    unittest.main()

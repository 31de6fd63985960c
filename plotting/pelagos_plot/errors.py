"""Failures: one sentence that says what is wrong and what to do, and the exit code of the command."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

USAGE = 2  # the call is wrong: an unknown field, a time that is not there
SYSTEM = 5  # files or the system: unreadable, unwritable, a module missing


class PlotError(Exception):
    """What the command prints before it ends with `exit_code`."""

    def __init__(self, sentence: str, exit_code: int = USAGE) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


def unknown_name(kind: str, name: str, where: str, names: Iterable[str]) -> PlotError:
    """The error for a name that `where` does not hold: the nearest one that exists, and all there are."""
    known = sorted(names)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"; did you mean '{near[0]}'?" if near else ";"
    listing = ", ".join(known) if known else "nothing that can be drawn"
    return PlotError(f"{where} has no {kind} '{name}'{hint} It has {listing}.")

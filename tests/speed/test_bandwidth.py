#!/usr/bin/env python3
"""At 4096^2 the spatial executor moves most of what the memory can, in little more memory than the fields.

label: long
serial
timeout: 900
"""

import json
import os
import subprocess
import tempfile
import unittest

DECK = """
app: shallow-water
grid: {cells: [4096, 4096], extent: [4000 km, 4000 km], boundary: [wall, wall]}
physics: {depth: 500 m, gravity: 0.03 m s-2, coriolis: {f0: 9e-5 s-1, beta: 2e-11 m-1 s-1}, viscosity: 20 m2 s-1,
          wind: {profile: double-gyre, stress: 0.1 N m-2}}
time: {scheme: ssp-rk3, step: 50 s, end: 500 s}
output: {snapshots: {every: 5 steps, fields: [eta]}, checkpoints: {keep: 1}}
"""


def report_of(*settings: str) -> dict:
    """report.json of a run of the deck."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        deck = os.path.join(folder, "large.yaml")
        with open(deck, "w", encoding="utf-8") as file:
            file.write(DECK)
        command = [os.environ["PELAGOS_COMMAND"], "run", deck, "-o", os.path.join(folder, "run"), "--quiet"]
        for setting in settings:
            command += ["--set", setting]
        subprocess.run(command, check=True)
        with open(os.path.join(folder, "run", "report.json"), encoding="utf-8") as file:
            return json.load(file)


class Bandwidth(unittest.TestCase):
    """The two figures that the project promises at this size."""

    def test_at_least_60_percent_of_the_triad_is_moved(self):
        report = report_of("run.measure-bandwidth=true")
        fraction = report["declared_bytes_per_second"] / report["triad_bytes_per_second"]
        print(f"declared {report['declared_bytes_per_second'] / 1e9:.1f} GB/s, "
              f"triad {report['triad_bytes_per_second'] / 1e9:.1f} GB/s, ratio {fraction:.2f}, "
              f"{report['cell_steps_per_second'] / 1e6:.1f} M cell-steps/s, "
              f"{report['doubles_moved_per_cell_step']:.1f} doubles a cell and step")
        self.assertGreaterEqual(fraction, 0.6)

    def test_memory_is_the_fields_and_little_more(self):
        report = report_of()
        print(f"fields {report['field_bytes'] / 1e6:.0f} MB, peak {report['peak_memory_bytes'] / 1e6:.0f} MB")
        self.assertLessEqual(report["peak_memory_bytes"], 1.05 * report["field_bytes"] + 50e6)


if __name__ == "__main__":
    unittest.main(verbosity=2)

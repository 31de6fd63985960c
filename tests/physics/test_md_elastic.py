"""inputs/md/elastic.py: cold copper with the potential of Foiles, Baskes & Daw, Phys. Rev. B 33 (1986) 7983 (Cu_u3).

The numbers wanted are LAMMPS's with the same file (stable release of Debian 12): box/relax to zero pressure, and the ELASTIC
example's strains.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unittest

SOURCE = os.environ.get("PELAGOS_SOURCE") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
DRIVER, DECK = (os.path.join(SOURCE, "inputs", "md", name) for name in ("elastic.py", "elastic.yaml"))
COPPER = "/usr/share/lammps/potentials/Cu_u3.eam"


def constants(*words: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, DRIVER, DECK, "--json", *words], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


class Elastic(unittest.TestCase):
    @unittest.skipUnless(os.access(COPPER, os.R_OK), "the Debian package lammps-data is not there")
    def test_cold_copper_has_its_lattice_constant_energy_and_elastic_constants(self):
        found = constants()
        for name, wanted, gate in (("a0", 3.61499998, 1e-6), ("energy", -3.540000002, 1e-7), ("C11", 167.265, 0.005),
                                   ("C12", 124.153, 0.005), ("C44", 76.447, 0.005)):
            self.assertLess(abs(found[name] / wanted - 1), gate, name)

    def test_pair_forces_between_centres_of_symmetry_obey_cauchy(self):
        """C12 = C44 where pairs alone act and each atom is a centre of symmetry (Born & Huang, Dynamical Theory of Crystal
        Lattices, 1954, section 11)."""
        found = constants("--set", "units=lj", "--set", "potential={kind: lj, cutoff: 3, truncation: force-shifted}",
                          "--set", "atoms.lattice.constant=1.56", "--set", "neighbours.skin=0", "--cells", "5")
        self.assertLess(abs(found["C44"] / found["C12"] - 1), 1e-4)
        self.assertGreater(found["C11"], found["C12"])


if __name__ == "__main__":
    unittest.main()

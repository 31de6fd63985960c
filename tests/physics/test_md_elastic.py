"""inputs/md/elastic.py: copper, silicon and pairs, whose elastic constants are known.

Copper, with the potential of Foiles, Baskes & Daw, Phys. Rev. B 33 (1986) 7983 (Cu_u3): the numbers wanted are LAMMPS's with the
same file (stable release of Debian 12), box/relax to zero pressure and the ELASTIC example's strains. Silicon, with that of
Stillinger & Weber: Cowley, Phys. Rev. Lett. 60 (1988) 2379, who finds them from the second derivatives of the energy.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unittest

SOURCE = os.environ.get("PELAGOS_SOURCE") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
DRIVER, DECK, SILICON = (os.path.join(SOURCE, "inputs", "md", name) for name in ("elastic.py", "elastic.yaml", "silicon.yaml"))
COPPER = "/usr/share/lammps/potentials/Cu_u3.eam"


def constants(deck: str, *words: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, DRIVER, deck, "--json", *words], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


class Elastic(unittest.TestCase):
    def check(self, found: dict[str, float], **wanted: tuple[float, float]) -> None:
        """Each constant within its gate, relative."""
        for name, (value, gate) in wanted.items():
            self.assertLess(abs(found[name] / value - 1), gate, f"{name} is {found[name]}")

    @unittest.skipUnless(os.access(COPPER, os.R_OK), "the Debian package lammps-data is not there")
    def test_cold_copper_has_its_lattice_constant_energy_and_elastic_constants(self):
        found = constants(DECK)
        self.check(found, a0=(3.61499998, 1e-6), energy=(-3.540000002, 1e-7), C11=(167.265, 0.005), C12=(124.153, 0.005),
                   C44=(76.447, 0.005))

    def test_an_interpreter_without_h5py_hands_over_to_one_that_has_it(self):
        done = subprocess.run([sys.executable, "-S", DRIVER, "--help"], check=False, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout.split()[:2]), (0, ["usage:", "elastic.py"]), done.stderr)

    def test_silicon_has_them_too_with_its_atoms_at_rest_in_the_strained_cell(self):
        """C44 would be 117 without the shift of the two sublattices."""
        found = constants(SILICON, "--cells", "3", "--set", "atoms.velocities.temperature=0", "--set",
                          "dynamics={integrator: nve}", "--set",
                          "atoms.minimise={method: conjugate-gradients, force: 1e-9, pressure: 0}")
        self.check(found, a0=(5.431, 1e-4), energy=(-2 * 2.1682, 1e-6), C11=(151.4, 0.002), C12=(76.4, 0.002), C44=(56.4, 0.002))

    def test_pair_forces_between_centres_of_symmetry_obey_cauchy(self):
        """C12 = C44 where pairs alone act and each atom is a centre of symmetry (Born & Huang, Dynamical Theory of Crystal
        Lattices, 1954, section 11)."""
        found = constants(DECK, "--set", "units=lj", "--set", "potential={kind: lj, cutoff: 3, truncation: force-shifted}",
                          "--set", "atoms.lattice.constant=1.56", "--set", "neighbours.skin=0", "--cells", "5")
        self.assertLess(abs(found["C44"] / found["C12"] - 1), 1e-4)
        self.assertGreater(found["C11"], found["C12"])


if __name__ == "__main__":
    unittest.main()

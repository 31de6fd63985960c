"""The app md on perfect lattices: energy and pressure of step 0 against sums over the lattice done here.

The sum over pairs of an infinite crystal: U / N = 1/2 sum_R u(R), and P = rho k T (1 - 1/N) - rho / 6 sum_R R u'(R), with
the kinetic part of N atoms at temperature T without drift.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import tempfile
import unittest

import h5py
import numpy

SOURCE = os.environ.get("PELAGOS_SOURCE") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
COMMAND = os.environ.get("PELAGOS_COMMAND") or os.path.join(SOURCE, "build", "release", "pelagos")
MELT = os.path.join(SOURCE, "inputs", "md", "melt.yaml")
BASES = {"sc": [[0, 0, 0]], "bcc": [[0, 0, 0], [0.5, 0.5, 0.5]],
         "fcc": [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]}


GRAIN = 2.0**-36  # of the energies and virials of pairs, 2^-51 of the largest (particles/grain.h); rounding errs by half of it


def lattice_sums(kind: str, density: float, cutoff: float) -> tuple[float, float, int]:
    """Sums over the neighbours of an atom of u(r) and r u'(r), Lennard-Jones; and how many there are."""
    base = numpy.array(BASES[kind])
    constant = (len(base) / density) ** (1 / 3)
    reach = range(-int(cutoff / constant) - 2, int(cutoff / constant) + 3)
    cells = numpy.array(list(itertools.product(reach, reach, reach)))
    r2 = numpy.sum(((cells[:, None, :] + base[None, :, :]) * constant) ** 2, axis=2).ravel()
    s6 = 1 / r2[(r2 > 1e-9) & (r2 < cutoff**2)] ** 3
    return float(numpy.sum(4 * (s6**2 - s6))), float(numpy.sum(-48 * s6**2 + 24 * s6)), len(s6)


def first_line(*sets: str) -> dict[str, float]:
    """The series at step 0."""
    with tempfile.TemporaryDirectory() as folder:
        words = [word for pair in (*sets, "output.series.every=1 steps") for word in ("--set", pair)]
        subprocess.run([COMMAND, "run", MELT, "-q", "-o", f"{folder}/run", "--steps", "1", *words], check=True)
        with h5py.File(f"{folder}/run/series.nc", "r") as file:
            return {name: float(file[name][0]) for name in file}


class Lattice(unittest.TestCase):
    def test_energy_and_pressure_are_the_sums_over_the_lattice(self):
        for kind, cutoff, temperature in (("fcc", 2.5, 1.44), ("fcc", 3.0, 0.0), ("bcc", 2.5, 0.7), ("sc", 2.7, 0.2)):
            with self.subTest(kind=kind, cutoff=cutoff):
                atoms = len(BASES[kind]) * 7**3
                energy, virial, neighbours = lattice_sums(kind, 0.8442, cutoff)
                found = first_line(f"atoms.lattice.kind={kind}", "atoms.lattice.cells=[7, 7, 7]",
                                   f"potential.cutoff={cutoff}", f"atoms.velocities.temperature={temperature}")
                pressure = 0.8442 * temperature * (1 - 1 / atoms) - 0.8442 / 6 * virial
                self.assertAlmostEqual(found["potential_energy_per_atom"], energy / 2,
                                       delta=neighbours * GRAIN / 4 + 1e-13)
                self.assertAlmostEqual(found["pressure"], pressure, delta=0.8442 / 6 * 3 * neighbours * GRAIN / 2 + 1e-12)
                self.assertAlmostEqual(found["temperature"], temperature, delta=1e-12)
                self.assertAlmostEqual(found["density"], 0.8442, delta=1e-12)

    def test_the_tail_adds_what_an_even_density_beyond_the_cutoff_would(self):
        """U / N = 8/3 pi rho (rc^-9 / 3 - rc^-3), P = 16/3 pi rho^2 (2/3 rc^-9 - rc^-3): Allen & Tildesley, section 2.8."""
        plain, tail = first_line("potential.cutoff=3"), first_line("potential.cutoff=3", "potential.tail=true")
        rho, rc = 0.8442, 3.0
        energy = 8 / 3 * numpy.pi * rho * (rc**-9 / 3 - rc**-3)
        pressure = 16 / 3 * numpy.pi * rho**2 * (2 / 3 * rc**-9 - rc**-3)
        self.assertAlmostEqual(tail["total_energy_per_atom"] - plain["total_energy_per_atom"], energy, delta=1e-11)
        self.assertAlmostEqual(tail["pressure"] - plain["pressure"], pressure, delta=1e-11)

    def test_cold_silicon_has_four_bonds_of_depth_epsilon_and_no_pressure(self):
        """Stillinger & Weber, Phys. Rev. B 31 (1985) 5262: at 2^(1/6) sigma a bond has -epsilon, all angles are cos = -1/3."""
        file = os.path.join(SOURCE, "inputs", "md", "silicon.sw")
        constant = 4 / 3**0.5 * 2 ** (1 / 6) * 2.0951
        found = first_line("units=metal", "masses=[28.0855]", "atoms.velocities.temperature=0", "atoms.lattice.density=0",
                           f"atoms.lattice={{kind: diamond, constant: {constant!r}, cells: [4, 4, 4]}}",
                           f"potential={{kind: stillinger-weber, file: {file}, elements: [Si]}}", "neighbours.skin=1")
        self.assertAlmostEqual(found["potential_energy_per_atom"], -2 * 2.1682, delta=1e-8)
        self.assertAlmostEqual(found["pressure"], 0, delta=0.1)  # bar; a bulk modulus of 1e6 bar

    def test_copper_of_sutton_and_chen_has_the_energy_of_their_sums(self):
        """Phil. Mag. Lett. 61 (1990) 139; 0.9 of the cutoff is beyond the fourth neighbours, the cutoff before the fifth."""
        shells = ((12, 0.5), (6, 1.0), (24, 1.5), (12, 2.0))  # neighbours, and their r^2 in a^2
        repulsion = sum(count * r2**-4.5 for count, r2 in shells)
        density = sum(count * r2**-3 for count, r2 in shells)
        found = first_line("units=metal", "masses=[63.546]", "atoms.velocities.temperature=0", "atoms.lattice.density=0",
                           "atoms.lattice={kind: fcc, constant: 3.61, cells: [5, 5, 5]}", "neighbours.skin=1",
                           "potential={kind: sutton-chen, cutoff: 5.7, sutton-chen: "
                           "[{epsilon: 12.382 meV, a: 3.61, n: 9, m: 6, c: 39.432}]}")
        self.assertAlmostEqual(found["potential_energy_per_atom"], 0.012382 * (repulsion / 2 - 39.432 * density**0.5),
                               delta=1e-8)

    def test_a_box_is_relaxed_to_one_length_whether_it_has_to_grow_or_to_shrink(self):
        """Past 32, a power of two: positions of a box of the first length would reach no further."""
        lengths = []
        for constant in (1.5, 1.65):
            found = first_line("atoms.lattice.cells=[21, 4, 4]", "atoms.lattice.density=0", f"atoms.lattice.constant={constant}",
                               "atoms.minimise={method: conjugate-gradients, force: 1e-9, pressure: 0}",
                               "atoms.velocities.temperature=0", "potential.truncation=force-shifted", "neighbours.skin=0")
            self.assertAlmostEqual(found["pressure"], 0, delta=1e-6)
            lengths.append(found["box_length_x"])
        self.assertGreater(lengths[0], 32)
        self.assertAlmostEqual(lengths[0], lengths[1], delta=1e-6)


if __name__ == "__main__":
    unittest.main()

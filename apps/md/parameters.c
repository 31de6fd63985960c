/* The table of the app's parameters. Quantities in braces have the units of the deck's system (units.c). */
#include "md/parameters.h"

#include <string.h>

#include "md/model.h"

#define VECTOR .least_count = 3, .most_count = 3

/* A region, and in front what atoms.retype has besides. */
static const pel_param retype_params[] = {
    {"type", PEL_PARAM_INT, .least = 1, .most = MD_MOST_TYPES, .help = "The type that atoms in the region become of."},
    {"shape", PEL_PARAM_CHOICE, .initial = "block", .choices = "block|sphere", .help = "What it is."},
    {"low", PEL_PARAM_REALS, "{length}", .initial = "", VECTOR,
     .help = "Low corner of a block; a dimension where it equals high has no bounds."},
    {"high", PEL_PARAM_REALS, "{length}", .initial = "", VECTOR, .help = "High corner of a block."},
    {"centre", PEL_PARAM_REALS, "{length}", .initial = "", VECTOR, .help = "Of a sphere."},
    {"radius", PEL_PARAM_REAL, "{length}", .initial = "0", .least = 0, .most = -1, .help = "Of a sphere."},
    {"outside", PEL_PARAM_FLAG, .initial = "false", .help = "Whether all but it is meant."},
    {0},
};

static const pel_param pair_params[] = {
    {"types", PEL_PARAM_INTS, .initial = "[1, 1]", .least = 1, .most = MD_MOST_TYPES, .least_count = 2, .most_count = 2,
     .help = "The two types of atoms."},
    {"epsilon", PEL_PARAM_REAL, "{energy}", .initial = "1", .least = 0, .most = -1,
     .help = "lj, wca: depth of the well."},
    {"sigma", PEL_PARAM_REAL, "{length}", .initial = "1", .is_exclusive = true,
     .help = "lj, wca: where the potential of lj is zero."},
    {"depth", PEL_PARAM_REAL, "{energy}", .initial = "1", .least = 0, .most = -1, .help = "morse: depth of the well."},
    {"alpha", PEL_PARAM_REAL, "{inverse length}", .initial = "1", .is_exclusive = true,
     .help = "morse: its steepness."},
    {"r0", PEL_PARAM_REAL, "{length}", .initial = "1", .is_exclusive = true,
     .help = "morse: where the well is deepest."},
    {"a", PEL_PARAM_REAL, "{energy}", .initial = "1", .least = 0, .most = -1,
     .help = "buckingham: A in A exp(-r / rho) - C / r^6."},
    {"rho", PEL_PARAM_REAL, "{length}", .initial = "1", .is_exclusive = true, .help = "buckingham: rho."},
    {"c", PEL_PARAM_REAL, "{energy length6}", .initial = "0", .help = "buckingham: C."},
    {"file", PEL_PARAM_PATH, .initial = "", .help = "table: file in the form of LAMMPS' pair_style table."},
    {"section", PEL_PARAM_TEXT, .initial = "", .help = "table: keyword of the section; default: the first."},
    {"cutoff", PEL_PARAM_REAL, "{length}", .initial = "", .is_exclusive = true,
     .help = "Of this pair; default: potential.cutoff."},
    {0},
};

static const pel_param file_params[] = {
    {"file", PEL_PARAM_PATH, .help = "A funcfl file."},
    {0},
};

static const pel_param sutton_chen_params[] = {
    {"epsilon", PEL_PARAM_REAL, "{energy}", .least = 0, .is_exclusive = true, .most = -1,
     .help = "Its scale of energy."},
    {"a", PEL_PARAM_REAL, "{length}", .least = 0, .is_exclusive = true, .most = -1, .help = "Its scale of length."},
    {"n", PEL_PARAM_REAL, "", .least = 3, .is_exclusive = true, .most = 30, .help = "The power of repulsion."},
    {"m", PEL_PARAM_REAL, "", .least = 3, .is_exclusive = true, .most = 30, .help = "The power of density, below n."},
    {"c", PEL_PARAM_REAL, "", .least = 0, .is_exclusive = true, .most = -1, .help = "The strength of cohesion."},
    {0},
};

static const pel_param motion_params[] = {
    {"type", PEL_PARAM_INT, .least = 1, .most = MD_MOST_TYPES, .help = "The type of atoms that is driven."},
    {"velocity", PEL_PARAM_REALS, "{velocity}", .initial = "[0, 0, 0]", VECTOR,
     .help = "At which they move, whatever the forces; 0: they stay."},
    {0},
};

static const pel_param wall_params[] = {
    {"side", PEL_PARAM_CHOICE, .choices = "west|east|south|north|bottom|top",
     .help = "Which side of the box: low and high along x, y, z."},
    {"kind", PEL_PARAM_CHOICE, .initial = "lj93", .choices = "lj93|harmonic|reflecting",
     .help = "epsilon (2/15 (sigma/z)^9 - (sigma/z)^3); stiffness / 2 (cutoff - z)^2; or a mirror."},
    {"position", PEL_PARAM_REAL, "{length}", .initial = "side", .choices = "side",
     .help = "Where it stands, along its dimension."},
    {"epsilon", PEL_PARAM_REAL, "{energy}", .initial = "1", .least = 0, .most = -1, .help = "Of lj93."},
    {"sigma", PEL_PARAM_REAL, "{length}", .initial = "1", .is_exclusive = true, .help = "Of lj93."},
    {"stiffness", PEL_PARAM_REAL, "{stiffness}", .initial = "1", .least = 0, .most = -1, .help = "Of harmonic."},
    {"cutoff", PEL_PARAM_REAL, "{length}", .initial = "1", .is_exclusive = true,
     .help = "Beyond it no force; not of reflecting."},
    {0},
};

const pel_param md_params[] = {
    {"units", PEL_PARAM_CHOICE, .initial = "lj", .choices = "lj|metal|real",
     .help = "The system of units, of all numbers here without one and of all files: reduced; Angstrom, ps, eV, u, K, "
             "bar; or Angstrom, fs, kcal mol-1, u, K, atm."},
    {"masses", PEL_PARAM_REALS, "{mass}", .initial = "", .is_exclusive = true, .least_count = 1,
     .most_count = MD_MOST_TYPES,
     .help = "Of each type; default: as the file of atoms or potential says, or 1 in reduced units."},

    {"atoms.types", PEL_PARAM_INT, .initial = "1", .least = 1, .most = MD_MOST_TYPES,
     .help = "How many types of atoms there are."},
    {"atoms.file", PEL_PARAM_PATH, .initial = "",
     .help = "Read atoms from a data file of LAMMPS, or extended XYZ where it ends in .xyz or .extxyz."},
    {"atoms.style", PEL_PARAM_TEXT, .initial = "",
     .help = "What the columns of a data file are: atomic, charge, molecular, full; default: as it says itself."},
    {"atoms.species", PEL_PARAM_TEXTS, .initial = "",
     .help = "XYZ: the names of the types, in their order; default: by order of appearance."},
    {"atoms.frame", PEL_PARAM_INT, .initial = "0", .least = 0, .most = 1e9, .help = "XYZ: which frame, from 0."},
    {"atoms.lattice.kind", PEL_PARAM_CHOICE, .initial = "", .choices = "sc|bcc|fcc|diamond|hcp",
     .help = "Put atoms on this lattice."},
    {"atoms.lattice.constant", PEL_PARAM_REAL, "{length}", .initial = "0", .least = 0, .most = -1,
     .help = "Its constant a; or give the density."},
    {"atoms.lattice.density", PEL_PARAM_REAL, "{number density}", .initial = "0", .least = 0, .most = -1,
     .help = "Atoms a volume."},
    {"atoms.lattice.ratio", PEL_PARAM_REAL, "", .initial = "0", .least = 0, .most = -1,
     .help = "c / a of hcp; 0: the ideal one."},
    {"atoms.lattice.cells", PEL_PARAM_INTS, .initial = "[1, 1, 1]", .least = 1, .most = 100000, VECTOR,
     .help = "Cells along x, y, z."},
    {"atoms.lattice.strain", PEL_PARAM_REALS, "", .initial = "[0, 0, 0]", .least = -0.9, .most = 10, VECTOR,
     .help = "Make the crystal (1 + strain) times as long along x, y, z."},
    {"atoms.lattice.orient.x", PEL_PARAM_INTS, .initial = "", .least = -50, .most = 50, VECTOR,
     .help = "The direction of the cubic lattice that lies along x; default: [1, 0, 0]."},
    {"atoms.lattice.orient.y", PEL_PARAM_INTS, .initial = "", .least = -50, .most = 50, VECTOR,
     .help = "That along y."},
    {"atoms.lattice.orient.z", PEL_PARAM_INTS, .initial = "", .least = -50, .most = 50, VECTOR,
     .help = "That along z."},
    {"atoms.lattice.vacuum", PEL_PARAM_REALS, "{length}", .initial = "[0, 0, 0]", .least = 0, .most = -1, VECTOR,
     .help = "Empty length of the box beyond the crystal, half of it on each side."},
    {"atoms.lattice.types", PEL_PARAM_INTS, .initial = "", .least = 1, .most = MD_MOST_TYPES, .least_count = 1,
     .most_count = 8, .help = "Type of each site of the cell; default: 1, or drawn by fractions."},
    {"atoms.lattice.fractions", PEL_PARAM_REALS, "", .initial = "", .least = 0, .most = 1, .least_count = 1,
     .most_count = MD_MOST_TYPES, .help = "Fraction of each type in a random alloy."},
    {"atoms.packing.count", PEL_PARAM_INTS, .initial = "", .least = 0, .most = 2e9, .least_count = 1,
     .most_count = MD_MOST_TYPES, .help = "Put so many atoms of each type at random places."},
    {"atoms.packing.density", PEL_PARAM_REAL, "{number density}", .initial = "0", .least = 0, .most = -1,
     .help = "Atoms a volume of a cubic box; or give the length."},
    {"atoms.packing.length", PEL_PARAM_REALS, "{length}", .initial = "", .is_exclusive = true, VECTOR,
     .help = "Of the box along x, y, z."},
    {"atoms.packing.least-distance", PEL_PARAM_REAL, "{length}", .initial = "0", .least = 0, .most = -1,
     .help = "Between any two atoms."},
    {"atoms.regions", PEL_PARAM_LIST, .initial = "", .items = retype_params + 1,
     .help = "Where lattice and packing put atoms: in all of these regions only."},
    {"atoms.retype", PEL_PARAM_LIST, .initial = "", .items = retype_params,
     .help = "Give the atoms in a region another type, one entry after the other."},
    {"atoms.minimise.method", PEL_PARAM_CHOICE, .initial = "none", .choices = "none|fire|conjugate-gradients",
     .help = "Move atoms to a minimum of the energy before step 0."},
    {"atoms.minimise.force", PEL_PARAM_REAL, "{force}", .initial = "1e-6", .least = 0, .most = -1,
     .help = "Until the largest force on an atom is below it."},
    {"atoms.minimise.iterations", PEL_PARAM_INT, .initial = "10000", .least = 1, .most = 1e12,
     .help = "At most; it is a warning where they do not suffice."},
    {"atoms.minimise.pressure", PEL_PARAM_REAL, "{pressure}", .initial = "none", .choices = "none",
     .help = "Scale the box, too, until the pressure of atoms at rest is this."},
    {"atoms.minimise.push-apart", PEL_PARAM_FLAG, .initial = "false",
     .help = "Push atoms apart before that, where they are too close for the potential."},
    {"atoms.velocities.temperature", PEL_PARAM_REAL, "{temperature}", .initial = "0", .least = 0, .most = -1,
     .help = "Draw velocities of this temperature, without drift."},
    {"atoms.velocities.seed", PEL_PARAM_INT, .initial = "1", .least = 0, .most = 9e15, .help = "For drawing them."},
    {"box.boundary", PEL_PARAM_SIDES, .initial = "periodic", .choices = "periodic|open",
     .help = "What stands at each side."},

    {"potential.kind", PEL_PARAM_CHOICE,
     .choices = "lj|wca|buckingham|morse|table|eam|eam-alloy|eam-fs|sutton-chen|stillinger-weber",
     .help = "What atoms act on each other by; eam: a funcfl file for each type; eam-alloy, eam-fs: one setfl file; "
             "stillinger-weber: a file of the form of LAMMPS' pair_style sw."},
    {"potential.file", PEL_PARAM_PATH, .initial = "",
     .help = "eam-alloy, eam-fs, stillinger-weber: the file; eam: that of the one type."},
    {"potential.funcfl", PEL_PARAM_LIST, .initial = "", .items = file_params,
     .help = "eam: a file for each of several types, in their order."},
    {"potential.elements", PEL_PARAM_TEXTS, .initial = "",
     .help = "eam-alloy, eam-fs, stillinger-weber: the element of each type, as the file names it."},
    {"potential.sutton-chen", PEL_PARAM_LIST, .initial = "", .items = sutton_chen_params,
     .help =
         "sutton-chen: epsilon [1/2 sum (a/r)^n - c sqrt(sum (a/r)^m)] of each type, in their order; unlike types get "
         "arithmetic means of n and m, geometric ones of a and epsilon."},
    {"potential.cutoff", PEL_PARAM_REAL, "{length}", .initial = "", .is_exclusive = true,
     .help = "Beyond it pairs do not act. Needed for lj, buckingham and morse; of sutton-chen twice the longest a by "
             "default, from 0.9 of it on weaker; of table the last distance by default; others have their own."},
    {"potential.truncation", PEL_PARAM_CHOICE, .initial = "cut", .choices = "cut|shifted|force-shifted",
     .help = "lj, buckingham, morse, table: how it ends there: as it is, lifted to zero, or with the force brought to "
             "zero too."},
    {"potential.tail", PEL_PARAM_FLAG, .initial = "false",
     .help = "lj, buckingham, morse: whether energy and pressure get what a fluid of even density beyond the cutoff "
             "would add."},
    {"potential.mixing", PEL_PARAM_CHOICE, .initial = "lorentz-berthelot", .choices = "lorentz-berthelot|geometric",
     .help = "lj, wca: how coefficients of unlike types follow, where pairs does not give them."},
    {"potential.pairs", PEL_PARAM_LIST, .initial = "", .items = pair_params,
     .help = "Coefficients of pairs of types; default in reduced units: epsilon = sigma = 1 of one type."},

    {"dynamics.integrator", PEL_PARAM_CHOICE, .initial = "nve", .choices = "nve|langevin|bussi|nose-hoover",
     .help = "Velocity Verlet, alone or with a thermostat."},
    {"dynamics.temperature", PEL_PARAM_REAL, "{temperature}", .initial = "", .least = 0, .most = -1,
     .help = "Of the thermostat."},
    {"dynamics.ramp.temperature", PEL_PARAM_REAL, "{temperature}", .initial = "", .least = 0, .most = -1,
     .help = "To which the thermostat's temperature goes, linearly."},
    {"dynamics.ramp.steps", PEL_PARAM_INTS, .initial = "", .least = 0, .most = 9e15, .least_count = 2, .most_count = 2,
     .help = "From which step to which it does."},
    {"dynamics.damping", PEL_PARAM_REAL, "{time}", .initial = "1", .is_exclusive = true,
     .help = "Relaxation time of the thermostat."},
    {"dynamics.chain", PEL_PARAM_INT, .initial = "3", .least = 1, .most = PEL_NOSE_HOOVER_MOST,
     .help = "Links of the Nose-Hoover chain."},
    {"dynamics.barostat.pressure", PEL_PARAM_REAL, "{pressure}", .initial = "none", .choices = "none",
     .help = "Keep this pressure, by isotropic stochastic cell rescaling."},
    {"dynamics.barostat.damping", PEL_PARAM_REAL, "{time}", .initial = "5", .is_exclusive = true,
     .help = "Relaxation time of the volume."},
    {"dynamics.barostat.compressibility", PEL_PARAM_REAL, "{compressibility}", .initial = "", .is_exclusive = true,
     .help = "An estimate; only the speed depends on it."},
    {"dynamics.barostat.temperature", PEL_PARAM_REAL, "{temperature}", .initial = "0", .least = 0, .most = -1,
     .help = "Of its noise; 0: that of the thermostat."},
    {"dynamics.barostat.every", PEL_PARAM_INT, .initial = "10", .least = 1, .most = 1e9,
     .help = "Steps between its moves."},
    {"dynamics.deform.rate", PEL_PARAM_REALS, "{rate}", .initial = "[0, 0, 0]", VECTOR,
     .help = "Rate of strain of the box along x, y, z."},
    {"dynamics.deform.kind", PEL_PARAM_CHOICE, .initial = "engineering", .choices = "engineering|true",
     .help = "length = start (1 + rate t), or start exp(rate t)."},
    {"dynamics.deform.every", PEL_PARAM_INT, .initial = "1", .least = 1, .most = 1e9, .help = "Steps between changes."},
    {"dynamics.motion", PEL_PARAM_LIST, .initial = "", .items = motion_params,
     .help = "Types that are driven or held."},
    {"dynamics.walls", PEL_PARAM_LIST, .initial = "", .items = wall_params, .help = "Walls across open dimensions."},
    {"dynamics.acceleration", PEL_PARAM_REALS, "{acceleration}", .initial = "[0, 0, 0]", VECTOR,
     .help = "Of every atom, constant."},

    {"output.trajectory.every", PEL_PARAM_CADENCE, .initial = "never", .is_free = true,
     .help = "How often a frame goes to trajectory.h5 (H5MD)."},
    {"output.trajectory.fields", PEL_PARAM_TEXTS, .initial = "[image]", .is_free = true,
     .help = "What a frame has besides positions: velocity, image, force."},
    {"output.trajectory.precision", PEL_PARAM_CHOICE, .initial = "double", .choices = "double|float", .is_free = true,
     .help = "Precision of positions, velocities and forces in the file."},
    {"output.trajectory.compress", PEL_PARAM_INT, .initial = "0", .least = 0, .most = 9, .is_free = true,
     .help = "Level of compression; 0 is none."},

    {"output.rdf.sample", PEL_PARAM_CADENCE, .initial = "never", .is_free = true,
     .help = "How often pairs of atoms are counted by their distance."},
    {"output.rdf.every", PEL_PARAM_CADENCE, .initial = "never", .is_free = true,
     .help = "How often what was counted since the record before goes to rdf.nc."},
    {"output.rdf.bins", PEL_PARAM_INT, .initial = "200", .least = 1, .most = 1e6, .is_free = true,
     .help = "Bins of the distance."},
    {"output.rdf.reach", PEL_PARAM_REAL, "{length}", .initial = "", .is_exclusive = true, .is_free = true,
     .help = "The largest distance; default: the potential's cutoff. At most half of the box."},
    {"output.msd.sample", PEL_PARAM_CADENCE, .initial = "never", .is_free = true,
     .help = "How often displacements and velocities are compared with those of earlier samples; in steps."},
    {"output.msd.every", PEL_PARAM_CADENCE, .initial = "never", .is_free = true,
     .help = "How often the means of all samples so far go to msd.nc."},
    {"output.msd.lags", PEL_PARAM_INT, .initial = "100", .least = 2, .most = 1e6, .is_free = true,
     .help = "Times between two samples that are compared: 0 to lags - 1 sample intervals."},
    {"output.msd.origin-every", PEL_PARAM_INT, .initial = "10", .least = 1, .most = 1e6, .is_free = true,
     .help = "Samples from one that later ones are compared with to the next; memory goes with lags over it."},
    {"output.msd.from", PEL_PARAM_REAL, "{time}", .initial = "0", .least = 0, .most = -1, .is_free = true,
     .help = "Time before which nothing is sampled, for the atoms to find their equilibrium."},
    {"output.profile.sample", PEL_PARAM_CADENCE, .initial = "never", .is_free = true,
     .help = "How often atoms are counted by where they are along an axis."},
    {"output.profile.every", PEL_PARAM_CADENCE, .initial = "never", .is_free = true,
     .help = "How often the means since the record before go to profile.nc."},
    {"output.profile.axis", PEL_PARAM_CHOICE, .initial = "z", .choices = "x|y|z", .is_free = true, .help = "Which."},
    {"output.profile.bins", PEL_PARAM_INT, .initial = "100", .least = 1, .most = 1e6, .is_free = true,
     .help = "Bins of the box's length along it."},
    {"output.profile.pressures", PEL_PARAM_FLAG, .initial = "false", .is_free = true,
     .help = "Whether to find pressures along and across the axis as well; for potentials of pairs."},

    {"neighbours.skin", PEL_PARAM_REAL, "{length}", .initial = "", .least = 0, .most = -1, .is_free = true,
     .help = "How far lists reach beyond the cutoff; never changes the result. Default: 0.3, or 2 Angstrom."},
    {"neighbours.sort-every", PEL_PARAM_INT, .initial = "10", .choices = "never", .least = 1, .most = 1e9,
     .is_free = true, .help = "Builds of the lists between sortings of the atoms; never changes the result."},
    {"reproducible", PEL_PARAM_FLAG, .initial = "true",
     .help = "Whether results are the same bits on any number of threads; without, runs may be faster."},
    {0},
};

pel_status md_note(const pel_params *params, const char *key, pel_status status)
{
    const bool is_of_deck =
        status == PEL_ERR_ARGUMENT || status == PEL_ERR_NAME || status == PEL_ERR_FILE || status == PEL_ERR_CORRUPT;
    if (!is_of_deck) return status;
    pel_params_error(params, key, "%s: %s", key, pel_failure());
    return PEL_OK;
}

bool md_is_in_metal_units(const pel_params *params)
{
    if (pel_params_is(params, "units", "metal")) return true;
    pel_params_error(params, "potential.kind", "potential.kind: %s is in eV and angstrom; use units: metal",
                     pel_params_text(params, "potential.kind"));
    return false;
}

bool md_elements(const pel_params *params, int types, const char **elements)
{
    const int given = pel_params_count(params, "potential.elements");
    const bool has_file = pel_params_has(params, "potential.file");
    if (!md_is_in_metal_units(params)) return false;
    if (!has_file)
        pel_params_error(params, NULL, "potential.file is missing; potential.kind %s needs one",
                         pel_params_text(params, "potential.kind"));
    if (given != types)
        pel_params_error(params, NULL, "potential.elements has %d elements; it needs one for each of %d types", given,
                         types);
    for (int t = 0; t < types && given == types; t++) elements[t] = pel_params_text_at(params, "potential.elements", t);
    return has_file && given == types;
}

void md_vector(const pel_params *params, const char *key, double vector[3])
{
    const bool is_there = pel_params_count(params, key) == 3;
    for (int d = 0; d < 3; d++) vector[d] = is_there ? pel_params_real_at(params, key, d) : 0;
}

/* Temperature, energies, pressure, density. Energies are of all atoms; *_per_atom is what reduced units are compared
 * in. The tail of a cut-off potential is part of them, and of what the barostat sees, where the deck asks for it. */
#include "md/measures.h"

#include <math.h>
#include <string.h>

static const md_model *of(const void *model)
{
    return model;
}

static double temperature(const void *model)
{
    return of(model)->measures.temperature;
}

static double kinetic_energy(const void *model)
{
    return of(model)->measures.kinetic;
}

static double potential_energy(const void *model)
{
    return of(model)->measures.potential + of(model)->measures.external;
}

static double total_energy(const void *model)
{
    return kinetic_energy(model) + potential_energy(model);
}

static double conserved_energy(const void *model)
{
    return of(model)->measures.conserved;
}

static double potential_energy_per_atom(const void *model)
{
    return potential_energy(model) / (double)of(model)->count;
}

static double total_energy_per_atom(const void *model)
{
    return total_energy(model) / (double)of(model)->count;
}

static double pressure(const void *model)
{
    return of(model)->measures.pressure * of(model)->units->pressure_unit;
}

/* Component c of xx, yy, zz, xy, xz, yz. */
static double pressure_component(const void *model, int c)
{
    return of(model)->measures.pressure_tensor[c] * of(model)->units->pressure_unit;
}

static double volume(const void *model)
{
    return of(model)->measures.volume;
}

static double density(const void *model)
{
    return of(model)->mass / volume(model) * of(model)->units->density_unit;
}

static double box_length(const void *model, int d)
{
    return pel_system_box(of(model)->system)->length[d];
}

/* ---- figures of the report ---- */

static double list_builds(const void *model)
{
    return (double)pel_system_cost_of(of(model)->system).builds;
}

static double neighbours_per_atom(const void *model)
{
    return pel_system_cost_of(of(model)->system).list_pairs / (double)of(model)->count;
}

static double force_seconds(const void *model)
{
    return pel_system_cost_of(of(model)->system).force_seconds;
}

static double list_seconds(const void *model)
{
    return pel_system_cost_of(of(model)->system).list_seconds;
}

static double imbalance(const void *model)
{
    return pel_system_cost_of(of(model)->system).imbalance;
}

static pel_status declare_figures(pel_component *component)
{
    PEL_TRY(pel_component_figure(component, "list_builds", list_builds));
    PEL_TRY(pel_component_figure(component, "neighbours_per_atom", neighbours_per_atom));
    PEL_TRY(pel_component_figure(component, "force_seconds", force_seconds));
    PEL_TRY(pel_component_figure(component, "list_seconds", list_seconds));
    return pel_component_figure(component, "imbalance", imbalance);
}

/* ---- what the steps cost ---- */

/* Operations of an entry of a list (its distance squared), and of an atom and step: two half kicks of 7, a drift of 6,
 * and 8 to see whether the lists still hold. Thermostats, walls and the building of lists are left out. */
static const double entry_flops = 8, atom_flops = 28;
/* Bytes of an atom and step: position and velocity are read and written, the force is written and read. */
static const double atom_bytes = 2 * sizeof(double) * (4 + 3 + 3), entry_bytes = sizeof(int32_t);

static pel_work work(const void *model)
{
    const pel_system_cost cost = pel_system_cost_of(of(model)->system);
    const double pair_flops = pel_system_potential(of(model)->system)->pair_flops;
    const double atom_steps = (double)cost.forces * (double)of(model)->count;
    return (pel_work){.flops = pair_flops > 0
                                   ? cost.looked_at * entry_flops + cost.pairs * pair_flops + atom_steps * atom_flops
                                   : NAN,
                      .bytes = cost.looked_at * entry_bytes + atom_steps * atom_bytes};
}

/* ---- the series ---- */

static pel_status declare_energies(pel_component *component, const pel_unit_system *units)
{
    const struct {
        const char *name, *units, *long_name;
        pel_series_value *value;
    } series[] = {
        {"temperature", units->temperature, "temperature", temperature},
        {"kinetic_energy", units->energy, "kinetic energy", kinetic_energy},
        {"potential_energy", units->energy, "potential energy", potential_energy},
        {"total_energy", units->energy, "kinetic and potential energy", total_energy},
        {"conserved_energy", units->energy,
         "total energy with what thermostat (not Langevin's) and barostat have taken", conserved_energy},
        {"potential_energy_per_atom", units->energy, "potential energy of an atom", potential_energy_per_atom},
        {"total_energy_per_atom", units->energy, "total energy of an atom", total_energy_per_atom},
        {"pressure", units->pressure, "pressure", pressure},
        {"density", units->density, "density", density},
    };
    for (size_t i = 0; i < sizeof series / sizeof *series; i++)
        PEL_TRY(pel_component_series(component, series[i].name, series[i].units, series[i].long_name, series[i].value));
    return PEL_OK;
}

static const char *volume_unit(const pel_unit_system *units)
{
    return units->length[0] == '1' ? "1" : "Angstrom3";
}

pel_status md_measures_declare(pel_component *component, const md_model *model)
{
    static const char *const pressures[6][2] = {
        {"pressure_xx", "pressure tensor, xx"}, {"pressure_yy", "pressure tensor, yy"},
        {"pressure_zz", "pressure tensor, zz"}, {"pressure_xy", "pressure tensor, xy"},
        {"pressure_xz", "pressure tensor, xz"}, {"pressure_yz", "pressure tensor, yz"}};
    static const char *const lengths[3][2] = {{"box_length_x", "length of the box along x"},
                                              {"box_length_y", "length of the box along y"},
                                              {"box_length_z", "length of the box along z"}};
    PEL_TRY(declare_energies(component, model->units));
    PEL_TRY(pel_component_series(component, "volume", volume_unit(model->units), "volume of the box", volume));
    for (int c = 0; c < 6; c++)
        PEL_TRY(pel_component_series_at(component, pressures[c][0], model->units->pressure, pressures[c][1],
                                        pressure_component, c));
    for (int d = 0; d < 3; d++)
        PEL_TRY(pel_component_series_at(component, lengths[d][0], model->units->length, lengths[d][1], box_length, d));
    pel_component_work(component, work);
    return declare_figures(component);
}

void md_measures_list_observables(md_model *model)
{
    const pel_unit_system *units = model->units;
    const pel_h5md_observable list[MD_OBSERVABLES] = {
        {"temperature", units->temperature, NULL}, {"kinetic_energy", units->energy, NULL},
        {"potential_energy", units->energy, NULL}, {"total_energy", units->energy, NULL},
        {"pressure", units->pressure, NULL},       {"density", units->density, NULL}};
    memcpy(model->observables, list, sizeof list);
    for (int i = 0; i < MD_OBSERVABLES; i++) model->observables[i].value = &model->observed[i];
}

void md_measures_observe(md_model *model)
{
    const double values[MD_OBSERVABLES] = {temperature(model),  kinetic_energy(model), potential_energy(model),
                                           total_energy(model), pressure(model),       density(model)};
    memcpy(model->observed, values, sizeof values);
}

pel_status md_measures_take(void *data, pel_step now)
{
    md_model *model = data;
    pel_status status = pel_dynamics_measure(model->dynamics, now.index, &model->measures);
    if (status == PEL_OK && !isfinite(model->measures.conserved)) {
        pel_fail(PEL_ERR_NUMERICS, "the energy is %g; try a smaller time.step", model->measures.conserved);
        status = pel_system_blame_worst(model->system, PEL_ERR_NUMERICS);
    }
    return status == PEL_OK ? PEL_OK : pel_fail_within(status, "step %ld: ", now.index);
}

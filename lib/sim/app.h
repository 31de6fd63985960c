/**
 * @file
 * The app interface: what a model hands to the run loop, and what the run loop gives to a model.
 *
 * An app is physics only: a table of parameters, a setup() that declares fields and records loops, and an initial()
 * that fills step 0. Decks, output, restart, signals, progress and reports are the run loop's.
 */
#ifndef PELAGOS_SIM_APP_H
#define PELAGOS_SIM_APP_H

#include "deck/params.h"
#include "exec/chain.h"
#include "mesh/table.h"
#include "stepping/stepper.h"

/** One component of a run: an app, its grids, its clock and its chains. */
typedef struct pel_component pel_component;

/** A model. */
typedef struct pel_app {
    const char *name;        /**< in decks: `app: shallow-water` */
    const char *summary;     /**< one line, for `pelagos apps` */
    const pel_param *params; /**< the app's own parameters, ended by an entry without a name */
    size_t model_size;       /**< bytes of the app's model struct; it comes zeroed to the functions below */
    /**
     * Declares fields, records chains, registers diagnostics. Semantic errors of the deck go to pel_params_error(); the
     * run loop reports all of them together after setup() has returned.
     */
    pel_status (*setup)(pel_component *component, const pel_params *params, void *model);
    /** Fills the constant and prognostic fields of step 0, with the memory there. Not called on resume. */
    pel_status (*initial)(pel_component *component, const pel_params *params, void *model);
    /** The largest stable step for the present state, s; may run chains. NULL: `time.step: auto` is an error. */
    pel_status (*step_limit)(pel_component *component, void *model, double *seconds);
    bool is_limit_sharp; /**< a fixed step beyond step_limit() surely blows up: an error of the deck, not a warning */
    /** Ends what setup() made for itself; NULL if nothing. */
    void (*end)(void *model);
} pel_app;

/* ---- for setup() ---- */

/** The grid that the deck's `grid:` describes. Owned by the component. */
pel_grid *pel_component_grid(pel_component *component);
/**
 * Gives the deck's grid, which must be of two dimensions, `layers` cells along z: the coordinate "layer" of files, 1 to
 * `layers`. With one layer it stays two-dimensional. Before any field is declared; the grid of an earlier
 * pel_component_grid() is gone.
 * @return PEL_OK, PEL_ERR_ARGUMENT (fewer than 1 layer, another number of dimensions, fields) or PEL_ERR_MEMORY
 */
pel_status pel_component_layers(pel_component *component, int layers);
/**
 * One more grid of the component (wavenumbers, bins of a spectrum), which owns it from now on, also where this fails.
 * Its fields are committed, checkpointed, hashed, checked and written as those of the deck's grid. Its name tells its
 * fields from those of other grids: it must have one, and one of its own.
 * @return PEL_OK, PEL_ERR_NAME or PEL_ERR_ARGUMENT (too many)
 */
pel_status pel_component_add_grid(pel_component *component, pel_grid *grid);
/** The deck's boundary conditions. */
pel_sides pel_component_sides(const pel_component *component);
/** Seed of the run's random numbers (`run.seed`). */
uint64_t pel_component_seed(const pel_component *component);

/**
 * Makes the stepper of the run with the deck's `time.scheme` over `fields`, on pel_component_grid() where they name no
 * grid of their own; the component owns it. Fields are then pel_stepper_field(stepper, i). A decay under a scheme that
 * takes none is an error of the deck, at time.scheme.
 */
pel_status pel_component_stepper(pel_component *component, const pel_prognostic *fields, int count,
                                 pel_stepper **stepper);
/**
 * Names what goes first in every step, once, after the forcings: `record` adds loops and calls to each chain of a step
 * (a stochastic forcing, drifters). Before pel_component_record(); `model` goes to the recorder.
 */
void pel_component_before(pel_component *component, void (*record)(void *model, pel_chain *chain));
/** Records the step: forcings and pel_component_before() first, then the stepper's stages with the app's tendency.
 * `model` goes to the recorder.
 */
pel_status pel_component_record(pel_component *component, pel_tendency_recorder *tendency);

/** A chain of the app's own, owned by the component; pel_component_run() runs it for one step. */
pel_status pel_component_chain(pel_component *component, const char *name, pel_chain **chain);
/** Runs a chain of pel_component_chain() on the present state. From initial(), step_limit() and series values. */
pel_status pel_component_run(pel_component *component, pel_chain *chain);

/**
 * Names the chain that computes fields for output (vorticity ...): it runs on the present state before fields of role
 * PEL_WORK are written or averaged.
 */
void pel_component_output_chain(pel_component *component, pel_chain *chain);
/** Names the chain whose reductions the series values use: it runs before a line of the series is written. */
void pel_component_series_chain(pel_component *component, pel_chain *chain);
/** A scalar of series.nc: `value` is called after the series chain has run. Texts must be constant. */
typedef double pel_series_value(const void *model);
pel_status pel_component_series(pel_component *component, const char *name, const char *units, const char *long_name,
                                pel_series_value *value);
/** One of several scalars alike (of layers, of species): `value` gets its index too. Texts live as long as the model.
 */
typedef double pel_series_value_at(const void *model, int index);
pel_status pel_component_series_at(pel_component *component, const char *name, const char *units, const char *long_name,
                                   pel_series_value_at *value, int index);
/** A scalar that belongs to the state: saved in checkpoints, restored on resume. It outlives the component. */
pel_status pel_component_scalar(pel_component *component, const char *name, double *value);
/** A table that belongs to the state; the component owns it from now on. */
pel_status pel_component_table(pel_component *component, pel_table *table);

/**
 * Lets `field` follow the variable of a file, interpolated to the field's points: constant if the variable has no time,
 * else linear between its records (evaluated at the middle of each step). Before pel_component_record().
 * A file that cannot serve is reported at the parameter `key`.
 */
pel_status pel_component_force(pel_component *component, pel_field *field, const char *key, const char *path,
                               const char *variable);

/* ---- for initial() ---- */

/** Fills level 0 of a field from the variable of a netCDF-4 or HDF5 file, interpolated (bilinearly) to the field's
 * points. */
pel_status pel_component_read(pel_component *component, pel_field *field, const char *key, const char *path,
                              const char *variable);
/** A value at a point: coordinates in the grid's unit of length, in the order x, y, z. */
typedef double pel_point_function(const double at[3], const void *model);
/** Fills all points of level 0, component 0 of a double field from a function of position. */
void pel_component_fill(pel_component *component, pel_field *field, pel_point_function *function, const void *model);

#endif

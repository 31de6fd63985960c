/**
 * @file
 * The app interface: what a model hands to the run loop, and what the run loop gives to a model.
 *
 * An app is physics only: a table of parameters, a setup() that declares fields and records loops, and an initial()
 * that fills step 0. Decks, output, restart, signals, progress and reports are the run loop's.
 *
 * A model of particles has no grid of the deck and steps itself: its setup() names an advance() in place of a stepper,
 * and tables for its state, which store() brings up to date and load() takes back.
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
    bool is_gridless; /**< decks have no `grid`; setup() calls pel_component_advance() in place of making a stepper */
    pel_unit_of *unit_of; /**< decks name a system of units with the parameter `units`, which `params` has; times are in
                             its unit too, in files and messages as well. NULL: SI */
    bool is_limit_sharp;  /**< a fixed step beyond step_limit() surely blows up: an error of the deck, not a warning */
    /** Appends the overrides "key=value", a line each, that make the problem factor[d] times as long along each
     * dimension, with as many times the work (see sim/grow.h); NULL: cells and extent of the grid grow. */
    pel_status (*grow)(const pel_params *params, const int factor[3], pel_text *overrides);
    /** Along which dimension, 0 to 2, a problem grows best; NULL: the last. */
    int (*grows_along)(const pel_params *params);
    /** Ends what setup() made for itself; NULL if nothing. */
    void (*end)(void *model);
} pel_app;

/* ---- for setup() ---- */

/** The grid that the deck's `grid:` describes; NULL if the app has none. Owned by the component. */
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
 * A table of what is gathered for output, and no step depends on; the component owns it from now on. Checkpoints keep
 * it, but it is no part of the state: hashes leave it out, a checkpoint may lack it (load() then finds it empty), and a
 * run that begins from a checkpoint of another gathers anew.
 */
pel_status pel_component_gathered(pel_component *component, pel_table *table);

/**
 * Lets `field` follow the variable of a file, interpolated to the field's points: constant if the variable has no time,
 * else linear between its records (evaluated at the middle of each step). Before pel_component_record().
 * A file that cannot serve is reported at the parameter `key`.
 */
pel_status pel_component_force(pel_component *component, pel_field *field, const char *key, const char *path,
                               const char *variable);

/* ---- for models that step themselves ---- */

/**
 * Names what steps the model: takes `steps` steps from the state at *now, and moves *now on with pel_step_next() as
 * each is complete, so that after a failure it tells which one failed. The state must not depend on how many steps are
 * asked for at once. PEL_ERR_NUMERICS (a blow-up, a lost atom), with a sentence that says what and where, ends the run;
 * the run loop adds the step, and keeps the failed state in a file.
 */
void pel_component_advance(pel_component *component, pel_status (*advance)(void *model, pel_step *now, long steps));
/** What a model that steps itself has done since it was made, for reports; what it does not know is NAN. */
typedef struct pel_work {
    double flops; /**< floating-point operations, counted as for pel_chain_flops() */
    double bytes; /**< that must be moved at the least: each array read or written once a step */
} pel_work;
/** Names what tells of it; called between stretches. */
void pel_component_work(pel_component *component, pel_work (*work)(const void *model));
/**
 * Names what moves the state between the model and the tables and scalars that it has registered: `store` brings them
 * up to date before they are hashed, written or checked; `load` takes them over after a restore. On resume `load` is
 * called in place of initial(), which must have made nothing that load() needs.
 */
void pel_component_state(pel_component *component, pel_status (*store)(void *model), pel_status (*load)(void *model));
/**
 * Names what looks at the state at the beginning and after each stretch, in place of the search for values that are not
 * finite: PEL_ERR_NUMERICS ends the run as that of advance() does.
 */
void pel_component_check(pel_component *component, pel_status (*check)(void *model, pel_step now));
/** Names what computes the values of the series, before they are asked for. */
void pel_component_measure(pel_component *component, pel_status (*measure)(void *model, pel_step now));
/** Calls `sample` whenever the cadence at the app's parameter `key` is due, from step 0 on, before output is written.
 * What it gathers belongs into checkpoints: registered tables, scalars or prognostic fields. A wall-clock cadence is
 * an error. */
pel_status pel_component_every(pel_component *component, const char *key,
                               pel_status (*sample)(void *model, pel_step now));

/** A file of records that the model writes by itself, when the cadence "output.NAME.every" of the app's parameters is
 * due; all functions but close() get the state stored. */
typedef struct pel_writer {
    const char *name; /**< the file is NAME.h5 in the run's folder */
    /** Creates the file at `path`. */
    pel_status (*create)(void *model, const char *path);
    /** Opens it to go on, cut back to *records; if that is -1, to the records up to the step of `now`, which it counts.
     */
    pel_status (*reopen)(void *model, const char *path, pel_step now, long *records);
    /** Appends record number `record` of the present state and makes it durable; adds its bytes to *bytes. */
    pel_status (*append)(void *model, long record, pel_step now, double *bytes);
    /** Closes it; does nothing if it is not open. */
    pel_status (*close)(void *model);
} pel_writer;
/** Adds a writer; the functions are copied, the name must be constant. */
pel_status pel_component_writer(pel_component *component, const pel_writer *writer);

/** A curve over the axis of a pel_curves: as many values as it has points; or one number. */
typedef struct pel_curve {
    const char *name, *units, *long_name;
    const double *values; /**< the model's */
    bool is_number;
} pel_curve;

/**
 * Curves that a model makes of what it has gathered (pel_component_every()): a distribution, a profile. They go to
 * NAME.nc, a record whenever the cadence "output.NAME.every" of the app's parameters is due, but none at the start.
 * Texts and arrays live as long as the model.
 */
typedef struct pel_curves {
    const char *name;
    const char *axis, *axis_units, *axis_long_name;
    const double *coordinates; /**< [points], filled by initial() and load() */
    long points;
    const pel_curve *curves;
    int count;
    bool is_of_interval; /**< a record stands for what was gathered since the one before */
    /** Computes the values of all curves; what is_of_interval begins to gather anew. */
    pel_status (*fill)(void *model, pel_step now);
} pel_curves;
/** Adds a file of curves; `curves` is copied, what it points to is not. */
pel_status pel_component_curves(pel_component *component, const pel_curves *curves);

/** Says how large the model is: `count` of `what`, in the singular ("atom"). From initial() and load(). */
void pel_component_size(pel_component *component, double count, const char *what);
/** A figure for the report of a run, as a series value is one for series.nc. */
pel_status pel_component_figure(pel_component *component, const char *name, pel_series_value *value);
/** Names what describes the model to `pelagos plan`: a few lines, after setup(), without memory. */
void pel_component_describe(pel_component *component, void (*describe)(const void *model, pel_text *plan));
/** The team, from initial(), load() and what is called later; NULL in setup(). It stays until the model ends. */
pel_team *pel_component_team(const pel_component *component);
/** "ps", "s", or "tau" where times are plain numbers: what times are printed in. */
const char *pel_component_time_unit(const pel_component *component);

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

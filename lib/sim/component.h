/**
 * @file
 * Inside a component. For lib/sim only; apps see sim/app.h.
 */
#ifndef PELAGOS_SIM_COMPONENT_H
#define PELAGOS_SIM_COMPONENT_H

#include "sim/app.h"

enum {
    PEL_COMPONENT_MOST = 96,      /* chains, series values, scalars, tables, writers ... of a component */
    PEL_COMPONENT_MOST_GRIDS = 8, /* the deck's and those of the app */
    PEL_COMPONENT_AXIS = 128,     /* bytes of the name of a dimension */
};

typedef struct pel_forcing pel_forcing;

struct pel_component {
    char *name; /* prefixes its fields in files; "" where the run has one component */
    const pel_app *app;
    pel_params *params; /* borrowed from the run; errors of setup() are added to it */
    void *model;
    pel_team *team;
    pel_run_options options;

    pel_grid *grids[PEL_COMPONENT_MOST_GRIDS];       /* the deck's, then those that the app added */
    int state_field_count[PEL_COMPONENT_MOST_GRIDS]; /* a grid's first fields, which setup() declared; those of the
                                                        output follow */
    int grid_count;
    pel_sides sides;
    pel_stepper *stepper;
    void (*before)(void *model, pel_chain *chain); /* goes first in every step, after the forcings; NULL: nothing */
    pel_chain *chains[PEL_COMPONENT_MOST];
    int chain_count;
    pel_chain *output_chain, *series_chain;

    struct {
        const char *name, *units, *long_name;
        pel_series_value *value; /* or, of several alike: */
        pel_series_value_at *value_at;
        int index;
    } series[PEL_COMPONENT_MOST];
    int series_count;
    struct {
        char *name;
        double *value;
    } scalars[PEL_COMPONENT_MOST];
    int scalar_count;
    pel_table *tables[PEL_COMPONENT_MOST];
    bool is_gathered[PEL_COMPONENT_MOST]; /* the table is no state: kept for output alone */
    int table_count;
    pel_forcing *forcings[PEL_COMPONENT_MOST]; /* sim/forcing.h */
    int forcing_count;

    /* of a model that steps itself; NULL where it names none */
    pel_status (*advance)(void *model, pel_step *now, long steps);
    pel_work (*work)(const void *model);
    pel_status (*store)(void *model);
    pel_status (*load)(void *model);
    pel_status (*check)(void *model, pel_step now);
    pel_status (*measure)(void *model, pel_step now);
    void (*describe)(const void *model, pel_text *plan);
    pel_chain_cost own;   /* seconds and steps of advance() */
    pel_work work_before; /* at the beginning of them */
    bool is_stored;       /* tables and scalars are up to date */
    struct {
        const char *key;
        pel_status (*sample)(void *model, pel_step now);
    } samplings[PEL_COMPONENT_MOST];
    int sampling_count;
    pel_writer writers[PEL_COMPONENT_MOST];
    int writer_count;
    pel_curves curves[PEL_COMPONENT_MOST];
    int curves_count;
    struct {
        const char *name;
        pel_series_value *value;
    } figures[PEL_COMPONENT_MOST];
    int figure_count;
    double size;      /* 0: cells */
    const char *what; /* it counts */

    pel_step now;     /* the clock: index and time of the present state, and the dt of the next step */
    long since_start; /* steps since the stepper's history began */
};

/** Makes the component: grid from the deck, then the app's setup(). `params` must have been resolved with
 * pel_run_params(). */
pel_status pel_component_create(const pel_app *app, const char *name, pel_params *params, pel_team *team,
                                pel_component **component);
/** Fails with "has more than so many `what`". */
pel_status pel_component_too_many(const pel_component *component, const char *what);
/** The deck's grid; NULL if it has none. */
pel_grid *pel_component_deck_grid(const pel_component *component);
/** Brings registered tables and scalars up to date, if they are not. */
pel_status pel_component_store(pel_component *component);
/** Lets the model take over tables and scalars that have been restored. */
pel_status pel_component_load(pel_component *component);
/** What a step updates: cells that this process owns, or atoms; and what these are called, in the singular. */
double pel_component_updates(const pel_component *component);
const char *pel_component_unit_of_work(const pel_component *component);
/** What its own steps have cost, of a model that steps itself: since the latest reset, or the first of them. */
pel_chain_cost pel_component_own_cost(const pel_component *component);
void pel_component_own_cost_reset(pel_component *component);
/** Bytes of its fields and tables. */
double pel_component_state_bytes(const pel_component *component);
/** A model time as a number with its unit, "0.5 ps", in `out`; the second as people read it, "1.2 ns", "5 min 10 s". */
const char *pel_component_time(const pel_component *component, double time, char out[64]);
const char *pel_component_duration(const pel_component *component, double time, char out[64]);

/** pel_commit() for its grids and all its chains. */
pel_status pel_component_commit(pel_component *component);
/** pel_commit_plan() for all its chains: no memory is taken. */
pel_status pel_component_plan(const pel_component *component);
void pel_component_destroy(pel_component *component);
/** The i-th series value, after the series chain has run. */
double pel_component_series_value(const pel_component *component, int i);

/** The fields of all its grids, one grid after the other: the i-th from 0; NULL beyond the last. */
pel_field *pel_component_field(const pel_component *component, int i);
/** The same of the fields that setup() declared alone, which are the model's state. */
pel_field *pel_component_state_field(const pel_component *component, int i);
/** Whether a field was declared in setup(). */
bool pel_component_is_state(const pel_component *component, const pel_field *field);
/** Whether the field is on one of its grids. */
bool pel_component_owns(const pel_component *component, const pel_field *field);
/** The name of the added grid that a field is on; "" of the deck's grid. */
const char *pel_component_grid_name(const pel_component *component, const pel_field *field);
/** Bytes that its fields take. */
double pel_component_field_bytes(const pel_component *component);

/** pel_chain_cost_reset() for all its chains. */
void pel_component_cost_reset(pel_component *component);
/** Steps by its stepper or by itself: runs the step chain for `steps` steps, for which its forcings, its dt and its
 * chain stay as they are; moves the clock on. @return as pel_chain_run() */
pel_status pel_component_step(pel_component *component, const pel_run_options *options, long steps);

#endif

/**
 * @file
 * Inside a component. For lib/sim only; apps see sim/app.h.
 */
#ifndef PELAGOS_SIM_COMPONENT_H
#define PELAGOS_SIM_COMPONENT_H

#include "sim/app.h"

enum { PEL_COMPONENT_MOST = 32 }; /* chains, series values, scalars, tables of a component */

typedef struct pel_forcing pel_forcing;

struct pel_component {
    char *name; /* prefixes its fields in files; "" where the run has one component */
    const pel_app *app;
    pel_params *params; /* borrowed from the run; errors of setup() are added to it */
    void *model;
    pel_team *team;
    pel_run_options options;

    pel_grid *grid;
    pel_sides sides;
    pel_stepper *stepper;
    pel_chain *chains[PEL_COMPONENT_MOST];
    int chain_count;
    pel_chain *output_chain, *series_chain;

    struct {
        const char *name, *units, *long_name;
        pel_series_value *value;
    } series[PEL_COMPONENT_MOST];
    int series_count;
    struct {
        char *name;
        double *value;
    } scalars[PEL_COMPONENT_MOST];
    int scalar_count;
    pel_table *tables[PEL_COMPONENT_MOST];
    int table_count;
    pel_forcing *forcings[PEL_COMPONENT_MOST]; /* sim/forcing.h */
    int forcing_count;
    int state_field_count; /* the grid's first fields, which setup() declared; those of the output follow */

    pel_step now;     /* the clock: index and time of the present state, and the dt of the next step */
    long since_start; /* steps since the stepper's history began */
};

/** Makes the component: grid from the deck, then the app's setup(). `params` must have been resolved with
 * pel_run_params(). */
pel_status pel_component_create(const pel_app *app, const char *name, pel_params *params, pel_team *team,
                                pel_component **component);
/** pel_commit() for its grids and all its chains. */
pel_status pel_component_commit(pel_component *component);
/** pel_commit_plan() for all its chains: no memory is taken. */
pel_status pel_component_plan(const pel_component *component);
void pel_component_destroy(pel_component *component);

#endif

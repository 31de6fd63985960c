/**
 * @file
 * Inside the output of a run. For lib/sim/output*.c only.
 */
#ifndef PELAGOS_SIM_OUTPUT_INSIDE_H
#define PELAGOS_SIM_OUTPUT_INSIDE_H

#include "sim/average.h"
#include "sim/output.h"
#include "sim/stream.h"

enum { PEL_OUTPUT_MOST = 8 }; /* components of a run that have output */

typedef enum outlet_kind { OUTLET_SERIES, OUTLET_SNAPSHOTS, OUTLET_AVERAGES, OUTLET_CURVES, OUTLET_WRITER } outlet_kind;

/** A stream with its schedule, and what it averages. */
typedef struct outlet {
    outlet_kind kind;
    pel_stream stream;
    pel_schedule schedule;
    pel_cadence every;
    bool is_restored; /* a checkpoint knew it */

    pel_component *component; /* of curves and of a writer only */
    const pel_curves *curves; /* NULL: none */
    const pel_writer *writer; /* NULL: none; the stream has its file's name, records and bytes */

    double since;          /* start of the present interval, where records stand for one */
    pel_schedule sampling; /* the rest: of averages only */
    pel_cadence sample;
    pel_average *averages;
    size_t average_count, average_capacity;
    pel_chain *chains[PEL_OUTPUT_MOST]; /* which take a sample, one a component; NULL: none */
    long samples;                       /* in the present interval */
} outlet;

/** What a model samples along the run: its moments follow from the step alone, so no checkpoint holds them. */
typedef struct sampling {
    pel_component *component;
    pel_cadence every;
    pel_schedule schedule;
    pel_status (*sample)(void *model, pel_step now);
} sampling;

struct pel_output {
    pel_component *components[PEL_OUTPUT_MOST];
    int component_count;
    outlet *outlets;
    size_t count, capacity;
    sampling *samplings;
    size_t sampling_count, sampling_capacity;
    pel_stream_head head;
    bool has_forcings; /* the forced fields are filled */
    double seconds;    /* spent writing */
};

/** Fills `output` from `output:` of the deck; errors of the deck go to pel_params_error(). */
pel_status pel_output_read_deck(pel_output *output, pel_params *params);

#endif

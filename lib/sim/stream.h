/**
 * @file
 * A stream: one netCDF-4 file that grows by records. Series, snapshots and averages are all streams. For lib/sim only.
 *
 * Beside every record stand its model time and its step. A file holds nothing about when it was written, so that the
 * files of a resumed run equal those of one never stopped.
 */
#ifndef PELAGOS_SIM_STREAM_H
#define PELAGOS_SIM_STREAM_H

#include "io/file.h"
#include "sim/component.h"
#include "sim/coordinates.h"

/** What all files of a run say about it; texts are borrowed. */
typedef struct pel_stream_head {
    const char *title;
    const char *reference; /**< the moment of time 0: "2000-01-01 00:00:00"; NULL: times have no date */
    const char *calendar;  /**< as in decks: standard, 365_day, 360_day, 366_day; where times have a date */
    const char *time_unit; /**< where they have none: "ps", "" for plain numbers */
} pel_stream_head;

/** One variable of the file: a plane of a field, of a table's column, a curve, or a scalar. */
typedef struct pel_stream_variable {
    char *name, *units, *long_name;
    const char *standard_name, *cell_methods; /* NULL: none */
    const pel_component *component;
    const pel_field *field;   /* NULL: of a table */
    pel_table *table;         /* NULL: none */
    const pel_curves *curves; /* NULL, and none of the above: the scalar component->series[series] */
    int curve;
    int column; /* of the table */
    int plane;  /* component of the field or column */
    int series;
    uint64_t ids;    /* the table's, hashed, as they are in the file */
    bool is_divided; /* what is stored is the field over the number of samples */
} pel_stream_variable;

typedef struct pel_stream {
    char *name; /* the file is NAME.nc */
    pel_extract extract;
    bool is_single; /* doubles are stored as floats */
    int deflate;
    bool has_bounds; /* records stand for an interval */

    pel_stream_variable *variables;
    size_t count, capacity;

    pel_file *file; /* NULL while closed */
    long records;
    double bytes; /* written so far, before compression */
} pel_stream;

/** Frees all but a file that is open. */
void pel_stream_free(pel_stream *stream);
/** Adds a variable; the texts of `variable` are copied. */
pel_status pel_stream_add(pel_stream *stream, const pel_stream_variable *variable);

/** Creates the file in `folder`. @return as pel_file_create() */
pel_status pel_stream_create(pel_stream *stream, const char *folder, const pel_stream_head *head);
/** Whether the file is there. */
bool pel_stream_exists(const pel_stream *stream, const char *folder);
/**
 * Opens the file to go on with it: checks that it holds these variables, and cuts it back to `records`, or, with -1, to
 * the records up to step `now`.
 * @return PEL_OK; PEL_ERR_MISMATCH if it holds others; PEL_ERR_CORRUPT if records are missing; PEL_ERR_FILE
 */
pel_status pel_stream_reopen(pel_stream *stream, const char *folder, long records, long now);
/**
 * Appends a record of the present state and makes it durable. The rows of a table lie along a dimension of its name,
 * whose coordinates are the ids: they must be those with which the file began.
 * @param since    start of the interval that it stands for, s; only for has_bounds
 * @param samples  number of samples in it; what is_divided is divided by
 * @return PEL_OK; PEL_ERR_MISMATCH if a table has other rows; PEL_ERR_FILE; PEL_ERR_MEMORY
 */
pel_status pel_stream_append(pel_stream *stream, pel_step now, double since, double samples);
/** Closes the file; does nothing if it is not open. */
pel_status pel_stream_close(pel_stream *stream);

#endif

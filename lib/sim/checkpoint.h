/**
 * @file
 * Checkpoints of a whole run: its complete state in one published file. For lib/sim, and for the command to look into
 * files.
 *
 * In the file (h5dump shows it): attributes kind, app, step, time, time_units of the root; below "clock", "fields",
 * "scalars", "tables" (with the component's name in front where a run has several) the state; "deck" the resolved deck;
 * "output" the positions of the output. A field is an array [component, z, y, x] a time level, in global index order;
 * fields of a grid that the app added are in a group of its name below "fields".
 */
#ifndef PELAGOS_SIM_CHECKPOINT_H
#define PELAGOS_SIM_CHECKPOINT_H

#include "sim/component.h"
#include "sim/output.h"

/** Everything that goes into a checkpoint. */
typedef struct pel_saved {
    pel_component *const *components;
    int count;
    const pel_params *params;
    pel_output *output;
} pel_saved;

/** Publishes the present state at `path`. @return PEL_OK, or PEL_ERR_FILE and others, and then nothing has changed at
 * the path */
pel_status pel_checkpoint_write(const pel_saved *saved, const char *path);

/** "FOLDER/checkpoints/0000000042.h5", for free(). */
pel_status pel_checkpoint_path(const char *folder, long step, char **path);
/** Removes all but the newest `keep` checkpoints of a run's folder. */
pel_status pel_checkpoint_thin(const char *folder, long keep);
/** Paths of a run's checkpoints, newest first; `paths` and each of them are for free(). A folder without any gives 0.
 */
pel_status pel_checkpoint_list(const char *folder, char ***paths, size_t *count);
/**
 * Opens the newest checkpoint of a run that verifies; says which were skipped and why.
 * @param file  receives it, or NULL if the run has no checkpoint at all
 * @return PEL_OK, PEL_ERR_CORRUPT if there are some but none verifies
 */
pel_status pel_checkpoint_open_newest(const char *folder, pel_file **file);
/** Verifies and opens one. @return PEL_OK, PEL_ERR_FILE, PEL_ERR_CORRUPT, PEL_ERR_MISMATCH if it is another kind of
 * file */
pel_status pel_checkpoint_open(const char *path, pel_file **file);

/** Name of the app, for free(). */
pel_status pel_checkpoint_app(const pel_file *file, char **app);
/** The resolved deck, as YAML, for free(). */
pel_status pel_checkpoint_deck(const pel_file *file, char **deck);
/** The clock of a component. */
pel_status pel_checkpoint_clock(const pel_file *file, const pel_component *component, pel_step *now, long *since_start);

/** Restores the complete state: clocks, fields, scalars, tables, output positions. After the commit. */
pel_status pel_checkpoint_restore(const pel_saved *saved, pel_file *file);
/** Whether a checkpoint has all prognostic fields of a component. */
bool pel_checkpoint_has_state(const pel_file *file, const pel_component *component);
/**
 * Takes over the prognostic fields, scalars, tables and clocks of a checkpoint into a new run, after initial(); what
 * this run does not have is left out, what the checkpoint does not have keeps its initial state. Other time levels than
 * the present one come along only with `with_history`.
 * @return PEL_OK, PEL_ERR_MISMATCH where a field has another shape
 */
pel_status pel_checkpoint_adopt(const pel_saved *saved, pel_file *file, bool with_history);

#endif

/**
 * @file
 * The folder of a run: who may write there, what stands there already.
 */
#ifndef PELAGOS_SIM_FOLDER_H
#define PELAGOS_SIM_FOLDER_H

#include <stdbool.h>

#include "base/text.h"
#include "deck/params.h"
#include "io/lock.h"
#include "sim/app.h"

typedef struct pel_folder {
    char *path;
    pel_lock *lock;
    bool is_made; /**< it was not there before */
    bool has_run; /**< a run's files stood there when it was claimed */
} pel_folder;

/**
 * Makes the folder if it is missing, takes its lock, and sees that files can be made in it.
 * @param path  NULL: the deck's name without its suffix, in the working folder
 * @return PEL_OK, PEL_ERR_FILE, PEL_ERR_BUSY if a run is working in it; pel_folder_release() in any case
 */
pel_status pel_folder_claim(pel_folder *folder, const char *path, const char *deck_path);
/** Releases the lock; a folder made for a run that never began is removed. */
void pel_folder_release(pel_folder *folder);

/** What runs of a deck are called, "gyre" of "runs/gyre.yaml", for free(). @return PEL_OK or PEL_ERR_MEMORY */
pel_status pel_folder_name(const char *deck_path, char **name);
/** Path of a file in the folder, for free(). */
pel_status pel_folder_file(const pel_folder *folder, const char *name, char **path);
/** Publishes `text` as a file of the folder. */
pel_status pel_folder_publish(const pel_folder *folder, const char *name, const char *text);
/** Makes checkpoints/, where the run has any, and removes what a killed run left unfinished and what an earlier end
 * left behind (report, failed state). */
pel_status pel_folder_prepare(const pel_folder *folder, bool has_checkpoints);

/**
 * Removes what a run of Pelagos wrote there, and nothing else: deck, log, report, checkpoints, and the outputs that the
 * deck of that run names, if it was of the app of `component` also those that the app writes by itself.
 */
pel_status pel_folder_clear(const pel_folder *folder, const pel_component *component);
/** The parameters of the run in the folder, read from its deck.yaml as a deck of the app (NULL: only those of every
 * run); for pel_params_free(). */
pel_status pel_folder_params(const pel_folder *folder, const pel_app *app, pel_params **params);

#endif

/**
 * @file
 * Running this command as another process: one sample of a study, with its output kept in a file.
 */
#ifndef PELAGOS_SCALE_PROCESS_H
#define PELAGOS_SCALE_PROCESS_H

#include <stdbool.h>

#include "base/status.h"
#include "base/text.h"

enum { SCALE_MOST_ARGUMENTS = 600, SCALE_LONGEST_PATH = 4096 };

/** Words of a command line. All zero: none. */
typedef struct scale_words {
    char *word[SCALE_MOST_ARGUMENTS + 1]; /**< owned; NULL after the last */
    int count;
    bool lost; /**< memory or room ran out */
} scale_words;

/** Appends a word, printf style. */
void scale_words_add(scale_words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** Appends an option and its value. */
void scale_words_add_option(scale_words *words, const char *option, const char *value);
void scale_words_free(scale_words *words);
/** Appends the words as one line for a shell: what needs quotes has them. */
void scale_words_print(const scale_words *words, pel_text *text);

/** The file that this process runs. @return PEL_OK or PEL_ERR_SYSTEM */
pel_status scale_process_path(char path[SCALE_LONGEST_PATH]);

/** What became of a process. */
typedef struct scale_outcome {
    int exit_code;      /**< 128 and the signal's number, where one ended it */
    double seconds;     /**< wall time */
    double load, steal; /**< as in scale_sample */
} scale_outcome;

/** Told now and then while a process runs. */
typedef void scale_tick(void *data);

/**
 * Removes from the environment what it tells OpenMP of the number of threads and their places: the study says these,
 * and looks the machine up as one whose threads Pelagos places. Before other threads are there.
 */
void scale_process_forget_openmp(void);

/**
 * Runs this command with `words` ("run", "deck.yaml" ...) and waits for it. When pel_stop_reason() has one, the process
 * is asked to stop, too (SIGTERM); when this process is killed, it is as well.
 *
 * @param log   receives what it says on its standard output and error
 * @param tick  NULL: nobody is told
 * @return PEL_OK, whatever the exit code; PEL_ERR_SYSTEM if it cannot be started; PEL_ERR_FILE for the log;
 * PEL_ERR_MEMORY
 */
pel_status scale_process_run(const scale_words *words, const char *log, scale_tick *tick, void *data,
                             scale_outcome *outcome);
/** The sentence of the last line "error: ..." of a log; "" if there is none. */
void scale_process_error(const char *log, pel_text *sentence);

#endif

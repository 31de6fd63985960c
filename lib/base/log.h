/**
 * @file
 * What a run tells a person: lines on stderr, and the same lines with a time stamp in run.log.
 */
#ifndef PELAGOS_BASE_LOG_H
#define PELAGOS_BASE_LOG_H

#include <stdbool.h>

#include "base/status.h"

/** Says something worth knowing. */
void pel_log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
/** Says that something is probably not what the person wants; the line begins with "warning: ". */
void pel_log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
/** Says that something failed; the line begins with "error: ". */
void pel_log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/** Writes to run.log only, never to the terminal. */
void pel_log_quiet(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Stops (or starts again) info lines on stderr; warnings and errors always come through. */
void pel_log_set_quiet(bool quiet);

/** Appends all further lines to `path` as well. @return PEL_OK or PEL_ERR_FILE */
pel_status pel_log_open(const char *path);
/** Stops writing to the file; does nothing if none is open. @return PEL_ERR_FILE if lines were lost, else PEL_OK */
pel_status pel_log_close(void);

/**
 * Shows `text` as the live last line of a terminal, replacing the previous one; NULL removes it. Lines logged
 * meanwhile go above it. Does nothing where stderr is not a terminal.
 */
void pel_log_live(const char *text);
/** Whether a live line can be shown. */
bool pel_log_is_terminal(void);

#endif

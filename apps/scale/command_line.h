/**
 * @file
 * The command line of a study with all that its request left open: for scripts and reports, in three parts.
 */
#ifndef PELAGOS_SCALE_COMMAND_LINE_H
#define PELAGOS_SCALE_COMMAND_LINE_H

#include "scale/plan.h"
#include "scale/process.h"

/** The deck's path; one that looks like an option is named by its folder. */
void scale_command_line_deck(const scale_request *request, scale_words *words);
/** "scale", the deck and its overrides. */
void scale_command_line_problem(const scale_request *request, scale_words *words);
/** Threads, places, modes, growth. */
void scale_command_line_points(const scale_request *request, const scale_plan *plan, scale_words *words);
/** How many samples, how long. */
void scale_command_line_samples(const scale_request *request, scale_words *words);

#endif

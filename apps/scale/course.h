/**
 * @file
 * The course of a study: its folder, its settings, its samples. What it says in the end stands in results.h.
 */
#ifndef PELAGOS_SCALE_COURSE_H
#define PELAGOS_SCALE_COURSE_H

#include <jansson.h>

#include "base/text.h"
#include "scale/plan.h"
#include "scale/sample.h"
#include "sim/folder.h"

/** What must be the same for samples to be of one study; kept in study.json. */
typedef struct scale_settings {
    long common_step; /**< whose state is compared: all samples pass it, or end there; 0: not settled yet */
    json_t *fixed;    /**< length of a sample, growth, machine, build; owned */
    const pel_app *app;
    pel_params *params; /**< of the deck with its overrides; owned */
    char started[32];   /**< "2026-11-21T18:00:00Z" */
} scale_settings;

typedef struct scale_course {
    const scale_request *request;
    pel_folder folder;
    scale_plan plan;
    scale_settings settings;
    scale_subject subject;
    json_t *machine;           /**< as pel_machine_json() gives it; owned */
    json_t *warnings, *errors; /**< sentences; owned */
    double sample_seconds;     /**< wall time of the samples that this process took */
    int samples_taken, samples_there, samples_wanted;
    bool has_blown_up;      /**< the numerics of a sample failed */
    const char *stopped_by; /**< NULL: nothing has */
} scale_course;

/** Adds a sentence, printf style, to course->warnings or course->errors. */
void scale_say(json_t *sentences, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** A new JSON string. JSON knows UTF-8 alone and names of files are any bytes: what is none becomes U+FFFD. */
json_t *scale_text(const char *text);

/**
 * Takes the study's folder: makes it, or finds a study there that this one goes on with or replaces.
 * Nothing that no study wrote is ever replaced or removed.
 * @return PEL_OK; PEL_ERR_EXISTS if a study is there and nobody said what to do with it, or something else than a study
 * is; PEL_ERR_MISMATCH if it is another study, with what differs; PEL_ERR_CORRUPT if its study.json is damaged;
 * PEL_ERR_BUSY, PEL_ERR_FILE
 */
pel_status scale_folder_take(scale_course *course);
/** Keeps the settings: from now on the folder holds this study. */
pel_status scale_folder_keep(const scale_course *course);
/** Path of a file of the folder, printf style, for free(). */
pel_status scale_folder_path(const scale_course *course, char **path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Reads the samples that are there, settles how long samples are, and takes those that are missing, in turns, until
 * all are there or a stop is asked for. @return PEL_OK, PEL_ERR_STOPPED, PEL_ERR_SYSTEM if nothing could be run */
pel_status scale_samples_take(scale_course *course);
/** The wall time of a sample, before any was taken; NAN where its length is given in steps. */
double scale_samples_expected_seconds(const scale_request *request);
/** The command line that takes a sample of a way, for the report. */
void scale_samples_command(const scale_course *course, const scale_way *way, pel_text *text);

#endif

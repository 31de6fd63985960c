/**
 * @file
 * Frames of atoms in trajectory.h5.
 */
#ifndef PELAGOS_APPS_MD_TRAJECTORY_H
#define PELAGOS_APPS_MD_TRAJECTORY_H

#include "md/model.h"

/** Declares the file, and checks what the deck says of it. */
pel_status md_trajectory_declare(pel_component *component, md_model *model);

#endif

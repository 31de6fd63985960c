/**
 * @file
 * The hash of a field, taken by the whole team.
 */
#ifndef PELAGOS_EXEC_FIELD_HASH_H
#define PELAGOS_EXEC_FIELD_HASH_H

#include <stdint.h>

#include "exec/team.h"
#include "mesh/field.h"

/** pel_field_hash() over all rows: the same for any number of threads. Not from within team work. */
uint64_t pel_field_hash_by_team(pel_team *team, const pel_field *field);

#endif

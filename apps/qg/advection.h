/**
 * @file
 * What goes through physical space: the tendency, and fields for output.
 */
#ifndef PELAGOS_APPS_QG_ADVECTION_H
#define PELAGOS_APPS_QG_ADVECTION_H

#include "qg/model.h"

/** Which terms of the tendency, and what comes along. */
typedef struct qg_terms {
    bool carries_tracers;
    bool is_advection_only; /**< leave out beta, the mean flow and drag */
    bool keeps_velocity;    /**< the eddies' u and v stay in the fields of that name */
} qg_terms;

/** Records the tendencies of q and, if they are carried, of the tracers; operands in that order. */
void qg_record_rate(const qg_model *model, pel_chain *chain, const pel_operand *state, const pel_operand *rate,
                    qg_terms terms);
/** Records the fields u and v of the present state. */
void qg_record_velocity(const qg_model *model, pel_chain *chain);
/** Records u, v, q, psi and the tracers of the present state as physical fields. */
void qg_record_fields(const qg_model *model, pel_chain *chain);

#endif

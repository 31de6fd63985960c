/**
 * @file
 * Time steppers as recorded loops.
 *
 * A stepper declares the prognostic fields of d q / d t = F(q, t) with the time levels and work fields that its scheme
 * needs, and records the chain of one step: the app's recorder adds the loops that compute F from a given state.
 *
 * | scheme          | order | source                                                    |
 * |-----------------|-------|-----------------------------------------------------------|
 * | ssp-rk3         | 3     | Shu & Osher, J. Comput. Phys. 77 (1988) 439               |
 * | low-storage-rk3 | 3     | Williamson, J. Comput. Phys. 35 (1980) 48, case 7         |
 * | rk4             | 4     | Kutta (1901), the classical scheme                        |
 * | ab3             | 3     | Durran, Mon. Wea. Rev. 119 (1991) 702; see below          |
 * | leapfrog        | 2     | with the filter of Williams, Mon. Wea. Rev. 139 (2011)    |
 * |                 |       | 1996; started with an SSP-RK3 step                        |
 * | euler           | 1     |                                                           |
 *
 * ab3 starts with two steps of SSP-RK3, or of RK4 where a field has a decay; or with Euler and AB2.
 *
 * Two things are done for a field besides, on the way through memory that the last formula of a step takes anyway. Its
 * *filter* f is multiplied with the state after each whole step, q = f (q + ...). Its *decay* r is a stiff linear term
 * -r q that is taken exactly, by an integrating factor (Lawson, SIAM J. Numer. Anal. 4 (1967) 372): the scheme is
 * applied to exp(r t) q, which has the tendency exp(r t) F. So no step is too long for r, and without F the state is
 * exp(-r t) q(0) to round-off.
 */
#ifndef PELAGOS_STEPPING_STEPPER_H
#define PELAGOS_STEPPING_STEPPER_H

#include "exec/chain.h"

typedef enum pel_scheme { PEL_SSP_RK3, PEL_LOW_STORAGE_RK3, PEL_RK4, PEL_AB3, PEL_LEAPFROG, PEL_EULER } pel_scheme;

/** The schemes' names in decks, separated by "|": "ssp-rk3|low-storage-rk3|rk4|ab3|leapfrog|euler". */
#define PEL_SCHEME_NAMES "ssp-rk3|low-storage-rk3|rk4|ab3|leapfrog|euler"
/** The scheme of that name. @return PEL_OK or PEL_ERR_NAME */
pel_status pel_scheme_find(const char *name, pel_scheme *scheme);
/**
 * How large a step may be: the scheme is stable for q' = i w q while w dt is below the first, and for q' = -r q while r
 * dt is below the second; 0 means never. Leapfrog by itself has none of the second kind; the figure is what its filter,
 * at the default, makes bearable.
 */
double pel_scheme_limit_imaginary(pel_scheme scheme);
double pel_scheme_limit_real(pel_scheme scheme);

/** Whether the scheme can take a decay: euler, ab3 and rk4 can. */
bool pel_scheme_takes_decay(pel_scheme scheme);

/**
 * One prognostic field, of type PEL_DOUBLE or PEL_COMPLEX. Filter and decay are fields of doubles, role PEL_CONSTANT,
 * with one component, on the grid of the prognostic field and of its centring; they may lie along fewer dimensions, and
 * several prognostic fields may share them. All components of the state are multiplied alike.
 */
typedef struct pel_prognostic {
    const char *name;
    pel_field_spec spec; /**< levels are the stepper's to choose */
    pel_grid *grid;      /**< NULL: the grid given to pel_stepper_create() */
    pel_field *filter;   /**< the state is multiplied by it after each whole step; NULL: none */
    pel_field *decay;    /**< r >= 0, s-1, of a linear term -r q that is taken exactly; NULL: none */
} pel_prognostic;

/** How to step; zero means the default. */
typedef struct pel_stepper_spec {
    pel_scheme scheme;
    bool is_euler_start; /**< ab3: first step Euler, second AB2 (3/2, -1/2), in place of two Runge-Kutta steps */
    double filter;       /**< leapfrog: nu of the Robert-Asselin filter; default 0.1, below 0: no filter */
    double filter_alpha; /**< leapfrog: alpha of Williams; default 0.53 */
} pel_stepper_spec;

/** A field at a level, as a recorder gets it. */
typedef struct pel_operand {
    pel_field *field;
    int level;
} pel_operand;

/**
 * Records loops that read `state` (one operand a prognostic field, in the order of declaration; halos are derived) and
 * write `tendency` (likewise), in units of the field a second, on the field's interior. Called once for each stage of a
 * step.
 */
typedef void pel_tendency_recorder(void *app, pel_chain *chain, const pel_operand *state, const pel_operand *tendency);

typedef struct pel_stepper pel_stepper;

/**
 * Declares the prognostic fields, and what else the scheme needs, on `grid` or on the grids that they name. The stepper
 * is the caller's to destroy, before the grids.
 * @return PEL_OK, PEL_ERR_ARGUMENT (a type that cannot be stepped, a filter or decay that does not fit its field, a
 * decay under a scheme that takes none), PEL_ERR_NAME or PEL_ERR_MEMORY
 */
pel_status pel_stepper_create(const pel_stepper_spec *spec, pel_grid *grid, const pel_prognostic *fields, int count,
                              pel_stepper **stepper);
void pel_stepper_destroy(pel_stepper *stepper);
/** The i-th prognostic field; its present state is level 0. */
pel_field *pel_stepper_field(const pel_stepper *stepper, int i);
/** Records the chains with the app's tendency. Loops recorded in `before` (may be NULL) go first in every step, once.
 */
pel_status pel_stepper_record(pel_stepper *stepper, void (*before)(void *app, pel_chain *chain),
                              pel_tendency_recorder *tendency, void *app);
/**
 * Makes the stepper ready for steps of step.dt: fills the integrating factors exp(-r dt / 2) of its decays, if dt is
 * another than at the last call. Call it before every run of pel_stepper_chain(); without decays it does nothing.
 * @return as pel_chain_run()
 */
pel_status pel_stepper_prepare(pel_stepper *stepper, pel_team *team, const pel_run_options *options, pel_step step);
/** The chain of a step that is the `since_start`-th (from 0) since the start of the history. Owned by the stepper. */
pel_chain *pel_stepper_chain(const pel_stepper *stepper, long since_start);
/** How many of the first steps use another chain than the later ones. */
long pel_stepper_start_steps(const pel_stepper *stepper);
/** Every chain of the stepper, for pel_commit(): that of pel_stepper_prepare() first, then those of the steps. */
int pel_stepper_chain_count(const pel_stepper *stepper);
pel_chain *pel_stepper_chain_at(const pel_stepper *stepper, int i);

#endif

/**
 * @file
 * Pelagos, for users of the library: everything that an app or a program needs.
 */
#ifndef PELAGOS_H
#define PELAGOS_H

#include "exec/bandwidth.h"
#include "exec/chain.h"
#include "exec/layout.h"
#include "exec/planner.h"
#include "exec/sum.h"
#include "sim/app.h"
#include "sim/run.h"
#include "spectral/elliptic.h"
#include "spectral/lengths.h"
#include "spectral/product.h"
#include "spectral/spectrum.h"
#include "spectral/transform.h"
#include "stepping/stepper.h"

#endif

/**
 * @file
 * Pelagos, for users of the library: everything that an app or a program needs.
 */
#ifndef PELAGOS_H
#define PELAGOS_H

#include "exec/bandwidth.h"
#include "exec/chain.h"
#include "exec/counters.h"
#include "exec/layout.h"
#include "exec/machine_figures.h"
#include "exec/planner.h"
#include "exec/sum.h"
#include "particles/buckingham.h"
#include "particles/data_file.h"
#include "particles/eam.h"
#include "particles/eam_file.h"
#include "particles/elastic.h"
#include "particles/extended_xyz.h"
#include "particles/h5md.h"
#include "particles/integrate.h"
#include "particles/lattice.h"
#include "particles/lj.h"
#include "particles/minimise.h"
#include "particles/morse.h"
#include "particles/packing.h"
#include "particles/profile.h"
#include "particles/rdf.h"
#include "particles/stillinger_weber.h"
#include "particles/stillinger_weber_file.h"
#include "particles/sutton_chen.h"
#include "particles/table_pair.h"
#include "particles/transport.h"
#include "particles/velocities.h"
#include "particles/wca.h"
#include "sim/app.h"
#include "sim/grow.h"
#include "sim/run.h"
#include "spectral/elliptic.h"
#include "spectral/lengths.h"
#include "spectral/product.h"
#include "spectral/spectrum.h"
#include "spectral/transform.h"
#include "stepping/stepper.h"

#endif

/**
 * @file
 * Trajectories as H5MD 1.1: HDF5 files that MDAnalysis, VMD, OVITO and h5py read (de Buyl, Colberg & Höfling, Comput.
 * Phys. Commun. 185 (2014) 1546; https://www.nongnu.org/h5md).
 *
 *     particles/all/box/edges     3x3 a frame, so that tools need not know that boxes are orthogonal
 *     particles/all/position      in the box; with `image`, position + image * edge is unwrapped
 *     particles/all/velocity, image, force          where wanted
 *     particles/all/species, id, mass               once; species are the types, from 1
 *     observables/NAME                              a number a frame, of the whole system
 *
 * Rows are atoms by rising id. All that changes has its step and time beside it, the same two arrays by hard links. In
 * systems of units other than lj, units stand at the values (units module). The file grows as those of io/file.h do:
 * after a kill it is what it was after the last frame.
 *
 * MDAnalysis wants convert_units=False for reduced units, and for forces in eV.
 */
#ifndef PELAGOS_PARTICLES_H5MD_H
#define PELAGOS_PARTICLES_H5MD_H

#include "particles/configuration.h"
#include "particles/unit_system.h"

typedef struct pel_h5md pel_h5md;

/** A number of the whole system: an energy, a pressure. */
typedef struct pel_h5md_observable {
    const char *name, *unit; /**< unit NULL, or in reduced units: none is written */
    const double *value;     /**< at the time of pel_h5md_append() */
} pel_h5md_observable;

/** What a trajectory holds; copied, but for texts, which pel_h5md_create() and _reopen() only look at, and for
 * observables, which live as long as the trajectory. */
typedef struct pel_h5md_spec {
    const pel_unit_system *units;          /**< NULL: reduced */
    const char *author;                    /**< NULL: "unknown" */
    const char *creator, *creator_version; /**< the program; NULL: "Pelagos", "unknown" */
    bool has_velocity, has_image, has_force;
    bool is_single; /**< positions, velocities and forces are stored as floats */
    int deflate;    /**< 0 (none) to 9 */
    const pel_h5md_observable *observables;
    int observable_count;
} pel_h5md_spec;

/**
 * Creates the file, for the atoms of `atoms` (ids, types, masses, sides of the box), without a frame.
 * @return PEL_OK, PEL_ERR_EXISTS, PEL_ERR_FILE or PEL_ERR_MEMORY
 */
pel_status pel_h5md_create(const char *path, const pel_h5md_spec *spec, const pel_configuration *atoms,
                           pel_h5md **trajectory);
/**
 * Opens the file to go on with it, and cuts it back to `frames` frames, or, with -1, to the frames up to step `step`.
 * @return PEL_OK; PEL_ERR_MISMATCH if it holds other atoms or quantities; PEL_ERR_CORRUPT if frames are missing;
 *         PEL_ERR_FILE; PEL_ERR_MEMORY
 */
pel_status pel_h5md_reopen(const char *path, const pel_h5md_spec *spec, const pel_configuration *atoms, long frames,
                           int64_t step, pel_h5md **trajectory);
/**
 * Appends a frame and makes it durable.
 * @param force  [count][3], rows as in `atoms`; used where the trajectory has forces
 * @return PEL_OK; PEL_ERR_MISMATCH if the ids are not those with which the file began; PEL_ERR_FILE; PEL_ERR_MEMORY
 */
pel_status pel_h5md_append(pel_h5md *trajectory, int64_t step, double time, const pel_configuration *atoms,
                           const double (*force)[3]);
/** The number of frames. */
long pel_h5md_frames(const pel_h5md *trajectory);
/** Closes and frees, also where closing fails. NULL does nothing. */
pel_status pel_h5md_close(pel_h5md *trajectory);

#endif

/**
 * @file
 * Products in physical space: the pseudo-spectral way to a nonlinear term (Orszag, Stud. Appl. Math. 50 (1971) 293).
 *
 * Of `inputs` spectral arrays, which a kernel makes from spectral fields line by line, another makes `outputs` products
 * row by row in physical space, and a third turns their transforms into what is wanted. What the kernels do rides along
 * with the passes of the transforms: arrays between them live in scratch that stays in cache, derivatives, inversions,
 * scaling and the 2/3 truncation cost no pass of their own.
 *
 *     spectral fields -> [to_physical] -> transforms -> [multiply] -> transforms -> [to_spectral] -> spectral fields
 *
 * The advection of q by the flow of psi: to_physical makes -i l psi, i k psi and q; multiply makes u q and v q;
 * to_spectral makes -(i k (u q) + i l (v q)).
 */
#ifndef PELAGOS_SPECTRAL_PRODUCT_H
#define PELAGOS_SPECTRAL_PRODUCT_H

#include "spectral/space.h"

enum { PEL_PRODUCT_MOST = 8 }; /* inputs or outputs */

/**
 * What a product is made of. Each kernel gets the views of the declared args, in their order, then those of the inputs
 * (to_physical writes, multiply reads), then those of the outputs (multiply writes, to_spectral reads and may change).
 * Views of inputs and outputs are addressed by the global indices of the box, like fields.
 */
typedef struct pel_product_spec {
    int inputs, outputs;
    /** Boxes of one whole line: all l, one k, all z. Writes the inputs (complex). Reads args on the wavenumber grid. */
    pel_kernel *to_physical;
    /** Boxes of whole rows: all x, some y, one z. Writes the outputs (double) from the inputs (double). May read and
     * write args on the physical grid at its points. */
    pel_kernel *multiply;
    /** Boxes of one whole line, as to_physical. Reads the outputs (complex, scaled), writes args on the wavenumber
     * grid. NULL where there are no outputs. */
    pel_kernel *to_spectral;
    double flops; /**< of the three kernels in a step, for pel_chain_flops(); 0: not known */
} pel_product_spec;

/**
 * Records the product as one call. `params` (size bytes) is copied and goes to all three kernels; pel_chain_params()
 * cannot change it. Of a space with a truncation, inputs and outputs beyond it are zero, and their lines are not
 * transformed. The space is one of real fields along x and y.
 */
void pel_product_args(pel_space *space, pel_chain *chain, const char *name, const pel_product_spec *spec,
                      const void *params, size_t params_size, const pel_arg *args, int arg_count);
#define pel_product(space, chain, name, spec, params, size, ...)                                                       \
    pel_product_args(space, chain, name, spec, params, size, PEL_ARGS(__VA_ARGS__))

#endif

/* Stillinger-Weber from the file that the deck names, in eV and angstrom. */
#include "md/stillinger_weber.h"

#include "md/model.h"
#include "md/parameters.h"
#include "particles/stillinger_weber.h"

/* Forces and energies of an atom stay below these: eV and angstrom. */
static const double most_force = 0x1p10, most_energy = 0x1p12;

static pel_status create(const pel_params *params, int types, const char *const *elements, pel_potential **potential)
{
    pel_sw_parameters parameters = {0};
    PEL_TRY(pel_sw_read(pel_params_text(params, "potential.file"), types, elements, &parameters));
    const pel_status status = pel_sw_create(&parameters, most_force, most_energy, potential);
    pel_sw_parameters_free(&parameters);
    return status;
}

pel_status md_stillinger_weber_create(const pel_params *params, int types, pel_potential **potential)
{
    const char *elements[MD_MOST_TYPES];
    if (!md_elements(params, types, elements)) return PEL_OK;
    return md_note(params, "potential.file", create(params, types, elements, potential));
}

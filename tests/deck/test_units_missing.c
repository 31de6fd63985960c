/* Without its database nothing is guessed. A program of its own, as the database is read once. */
#include "deck/params.h"
#include "deck/units.h"

#include "support/test.h"

TEST(a_missing_units_database_is_said_clearly_and_can_be_put_right)
{
    static const pel_param table[] = {{.name = "depth", .type = PEL_PARAM_REAL, .unit = "m", .initial = "1 m"},
                                      {.name = NULL}};
    const pel_param *const tables[] = {table};
    pel_deck *deck = NULL;
    pel_params *params = NULL;
    double value = 0;
    setenv("UDUNITS2_XML_PATH", "/nonexistent/udunits2.xml", 1);
    CHECK_FAILS(pel_units_convert(1, "km", "m", &value), PEL_ERR_FILE, "/nonexistent/udunits2.xml");
    CHECK_STATUS(pel_units_parse("5 m", "m", NULL, &value)); /* nothing to convert, nothing to look up */
    CHECK_STATUS(pel_deck_parse("depth: 5 km\n", "d.yaml", NULL, 0, &deck));
    CHECK_FAILS(pel_params_resolve(deck, tables, 1, &params), PEL_ERR_FILE, "UDUNITS2_XML_PATH");
    unsetenv("UDUNITS2_XML_PATH");
    CHECK_STATUS(pel_params_resolve(deck, tables, 1, &params));
    CU_ASSERT_EQUAL(pel_params_real(params, "depth"), 5000);
    pel_params_free(params);
    pel_deck_free(deck);
}

/* States that are no good: one sentence with what, where and when, and the state in failed.h5. The checkpoints, of good
 * states, stay as they are. */
#include "sim/failed.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "sim/check.h"

/* Where a value lies: "(1, 2, 3) m", or "(1 m, 2 m, layer 3)" where a dimension has a name of its own. */
static void describe_place(const pel_bad_value *bad, pel_text *text)
{
    const pel_grid *grid = pel_field_grid(bad->field);
    bool is_named = false;
    for (int d = 0; d < 3; d++) is_named = is_named || pel_grid_axis(grid, d);
    pel_text_add(text, "(");
    for (int d = 0; d < (is_named ? pel_grid_dimensions(grid) : 3); d++) {
        const char *axis = pel_grid_axis(grid, d), *unit = pel_grid_axis_unit(grid, d);
        pel_text_add(text, "%s%s%s%g", d > 0 ? ", " : "", axis ? axis : "", axis ? " " : "", bad->at[d]);
        if (is_named && strcmp(unit, "1") != 0) pel_text_add(text, " %s", unit);
    }
    pel_text_add(text, is_named ? ")" : ") %s", pel_grid_length_unit(grid));
}

static void describe_bad(const pel_component *component, const pel_bad_value *bad, pel_text *text)
{
    if (bad->table) {
        pel_text_add(text, "column %s of table %s is %g for id %lld", pel_table_column(bad->table, bad->column)->name,
                     pel_table_name(bad->table), bad->value, (long long)bad->id);
        return;
    }
    const char *grid = pel_component_grid_name(component, bad->field);
    pel_text_add(text, "field %s%s%s is %g at cell (%d, %d, %d), at ", pel_field_name(bad->field),
                 *grid ? " of grid " : "", grid, bad->value, bad->point[0], bad->point[1], bad->point[2]);
    describe_place(bad, text);
}

/* Which checkpoint a run with other parameters can begin from. */
static void name_checkpoint(const pel_folder *folder, long step, pel_text *sentence)
{
    char *path = NULL;
    if (step < 0) pel_text_add(sentence, "; there is no checkpoint yet");
    else if (pel_checkpoint_path(folder->path, step, &path) == PEL_OK)
        pel_text_add(sentence,
                     "; the latest good checkpoint is %s, from which --from begins a run with other parameters", path);
    free(path);
}

/* Keeps the failed state, and appends where to the sentence; the good checkpoints stay. */
static void keep_failed_state(const pel_saved *saved, const pel_folder *folder, long saved_step, pel_text *sentence)
{
    char *path = NULL;
    pel_status status = pel_folder_file(folder, "failed.h5", &path);
    if (status == PEL_OK) status = pel_checkpoint_write(saved, path);
    if (status == PEL_OK) pel_text_add(sentence, "; the state is in %s", path);
    else pel_log_warning("the failed state could not be written: %s", pel_failure());
    free(path);
    name_checkpoint(folder, saved_step, sentence);
}

static pel_status report_bad(const pel_saved *saved, const pel_folder *folder, const pel_component *component,
                             pel_good_state good, const pel_bad_value *bad)
{
    const pel_step step = component->now;
    pel_text sentence = {0};
    describe_bad(component, bad, &sentence);
    pel_text_add(&sentence, ", step %ld, time %.10g %s, %ld steps after the latest good check; try a smaller step (%s",
                 step.index, step.time, pel_component_time_unit(component), step.index - good.checked_step,
                 component->stepper ? "time.step or time.safety) or more viscosity" : "time.step)");
    keep_failed_state(saved, folder, good.saved_step, &sentence);
    pel_fail(PEL_ERR_NUMERICS, "%s", pel_text_get(&sentence));
    pel_text_free(&sentence);
    return PEL_ERR_NUMERICS;
}

pel_status pel_failure_report(const pel_saved *saved, const pel_folder *folder, const pel_component *component,
                              pel_good_state good, pel_status status)
{
    if (status != PEL_ERR_NUMERICS || !component->advance) return status;
    const pel_step step = component->now;
    pel_text sentence = {0};
    pel_text_add(&sentence, "%s; step %ld, time %.10g %s, is the latest complete one", pel_failure(), step.index,
                 step.time, pel_component_time_unit(component));
    keep_failed_state(saved, folder, good.saved_step, &sentence);
    pel_fail(status, "%s", pel_text_get(&sentence));
    pel_text_free(&sentence);
    return status;
}

pel_status pel_failure_look(const pel_saved *saved, const pel_folder *folder, pel_component *component,
                            pel_good_state good)
{
    pel_bad_value bad;
    if (component->check)
        return pel_failure_report(saved, folder, component, good, component->check(component->model, component->now));
    PEL_TRY(pel_component_store(component));
    return pel_check_find_bad(component, &bad) ? report_bad(saved, folder, component, good, &bad) : PEL_OK;
}

/* The plan of a chain in words: what runs in which order, over which points, how it is tiled, and what it moves. */
#include "exec/chain_inside.h"
#include "exec/team_inside.h"

static const char *const kind_names[] = {
    [SLOT_LOOP] = "loop",     [SLOT_CALL] = "call",         [SLOT_TILES] = "tiles",       [SLOT_PROBE] = "probe",
    [SLOT_REDUCE] = "reduce", [SLOT_BOUNDARY] = "boundary", [SLOT_EXCHANGE] = "exchange",
};

static void describe_args(const slot *s, pel_text *text)
{
    static const char *const access[] = {[PEL_READ] = "reads", [PEL_WRITE] = "writes", [PEL_UPDATE] = "updates"};
    for (int a = 0; a < s->arg_count; a++) {
        const pel_arg *arg = &s->args[a];
        pel_text_add(text, "%s %s %s", a ? "," : "", access[arg->access], pel_field_name(arg->field));
        if (arg->level) pel_text_add(text, "@%+d", arg->level);
        for (int d = 0; d < 3; d++)
            if (arg->reach.lo[d] || arg->reach.hi[d])
                pel_text_add(text, " %c[%d,%d]", "xyz"[d], arg -> reach.lo[d], arg->reach.hi[d]);
    }
}

static void describe_loop(const slot *s, const pel_team *team, const pel_run_options *options, pel_text *text)
{
    const bool is_whole = options->executor == PEL_EXECUTOR_REFERENCE;
    const int threads = is_whole ? 1 : pel_team_threads(team);
    const tiling t = pel_tiling_make(s, options, pel_team_cache_bytes(team, 2), 0, threads);
    double points, bytes;
    char rate[32];
    pel_slot_traffic(s, &points, &bytes);
    pel_text_add(text, "\n      box [%d,%d) x [%d,%d) x [%d,%d)", s->box.lo[0], s->box.hi[0], s->box.lo[1],
                 s->box.hi[1], s->box.lo[2], s->box.hi[2]);
    if (is_whole) pel_text_add(text, ", whole");
    else
        pel_text_add(text, ", %d x %d x %d tiles, %ld a thread", t.tile[0], t.tile[1], t.tile[2], pel_tiling_count(&t));
    const double tile = (double)t.tile[0] * t.tile[1] * t.tile[2];
    pel_text_add(text, ", %.3g bytes a point, working set %sB", points > 0 ? bytes / points : 0,
                 pel_text_si(points > 0 ? tile * bytes / points : 0, rate));
}

enum { LONG_STRETCH = 1000 };

/* A stepper is planned for long stretches; other chains run one step at a time. */
static pel_status describe_plan(const pel_chain *chain, const pel_team *team, const pel_run_options *options,
                                pel_text *text)
{
    pel_plan plan;
    int count;
    const long steps = chain->kind == PEL_CHAIN_STEPPER ? LONG_STRETCH : 1;
    PEL_TRY(pel_plan_candidates(chain, team, options, steps, &plan, 1, &count));
    pel_plan_describe(&plan, chain, team, text);
    return PEL_OK;
}

pel_status pel_chain_describe(pel_chain *chain, const pel_team *team, const pel_run_options *options, pel_text *text)
{
    char bytes[32], points[32];
    pel_chain_mark_waits(chain, pel_team_threads(team));
    pel_text_add(text, "chain ");
    PEL_TRY(describe_plan(chain, team, options, text));
    for (size_t i = 0; i < chain->plan.count; i++) {
        const slot *s = &chain->plan.slots[i];
        pel_text_add(text, "  %s %s %s", s->waits ? "|" : " ", kind_names[s->kind], s->name);
        if (s->kind == SLOT_BOUNDARY || s->kind == SLOT_EXCHANGE)
            pel_text_add(text, " %c, %d below, %d above%s", "xyz"[s->dimension], s -> depth.side[s->dimension][0],
                         s->depth.side[s->dimension][1], s->is_prologue ? ", once a stretch" : "");
        else describe_args(s, text);
        if (s->kind == SLOT_LOOP || s->kind == SLOT_REDUCE) describe_loop(s, team, options, text);
        pel_text_add(text, "\n");
    }
    pel_text_add(text, "  a step: %s point updates, %sB by the declared accesses\n",
                 pel_text_si(chain->updates_a_step, points), pel_text_si(chain->bytes_a_step, bytes));
    return PEL_OK;
}

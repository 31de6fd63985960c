/* A table for people, JSON for programs: the same figures. */
#include "bench/show.h"

#include <math.h>
#include <stdio.h>

#include "machine/topology.h"
#include "sim/report.h"

/* ---- for people ---- */

static const char *kept_or_not(const bench_limits *limits)
{
    return limits->is_kept ? " (kept)" : "";
}

static void show_sizes(const bench_result *r, pel_text *text)
{
    pel_text_add(text, "%s: %d", r->which->name, r->cells[0]);
    for (int d = 1; d < r->which->dimensions; d++) pel_text_add(text, " x %d", r->cells[d]);
    pel_text_add(text, " cells%s, %d thread%s, %ld steps, %d turns\n", r->is_periodic ? ", periodic" : "", r->threads,
                 r->threads == 1 ? "" : "s", r->steps, r->repetitions);
    if (r->bytes_a_cell > 0) pel_text_add(text, "  a cell declares %.4g bytes", r->bytes_a_cell);
    if (r->which->flops > 0) pel_text_add(text, " and %d operations", r->which->flops);
    pel_text_add(text, "%s the machine gives %.1f GB/s (triad), %.0f Gflop/s%s\n", r->bytes_a_cell > 0 ? ";" : " ",
                 r->limits.triad / 1e9, r->limits.peak / 1e9, kept_or_not(&r->limits));
}

static void show_figures(const bench_result *r, const bench_figures *f, pel_text *text)
{
    pel_text_add(text, "  %-12s %8.3f  (%.3f to %.3f)", f->name, f->updates.median / 1e9, f->updates.min / 1e9,
                 f->updates.max / 1e9);
    if (f->bytes > 0) pel_text_add(text, " %10.1f %7.0f %%", f->bytes / 1e9, 100 * f->bytes / r->limits.triad);
    if (f->flops > 0) pel_text_add(text, " %9.1f %7.1f %%", f->flops / 1e9, 100 * f->flops / r->limits.peak);
    if (f->options.pitch > 0)
        pel_text_add(text, "   pitch %d height %d chunk %d row %d", f->options.pitch, f->options.height,
                     f->options.chunk, f->options.row);
    pel_text_add(text, "\n");
}

static void show_ratio(const char *name, bench_ratio ratio, pel_text *text)
{
    if (!ratio.is_known) return;
    pel_text_add(text, "  %s: %.2f  (%.2f to %.2f)\n", name, ratio.of.median, ratio.of.min, ratio.of.max);
}

static void show_over_fftw(const bench_result *r, const char *planned, bench_ratio ratio, pel_text *text)
{
    char name[64];
    snprintf(name, sizeof name, "%s over %s", r->figures[0].name, planned);
    show_ratio(name, ratio, text);
}

/* Rates are of whole steps, so their ratio is the time of the transforms over that of a step. */
static void show_part(const char *what, bench_ratio part, pel_text *text)
{
    if (!part.is_known) return;
    pel_text_add(text, "  the transforms of a step take %s %.0f %% of its time  (%.0f to %.0f)\n", what,
                 100 * part.of.median, 100 * part.of.min, 100 * part.of.max);
}

/* How the rate of a step is given in the literature of spectral models: all points of all layers. */
static void show_point_steps(const bench_result *r, pel_text *text)
{
    const bench_spread rate = r->figures[0].updates;
    if (!r->which->rival || !r->which->app) return;
    pel_text_add(text, "  %s: %.1f million point-steps/s  (%.1f to %.1f), layers counted\n", r->figures[0].name,
                 rate.median / 1e6, rate.min / 1e6, rate.max / 1e6);
}

static void show_beyond(const bench_figures *f, pel_text *text)
{
    if (!f->beyond.is_known) return;
    pel_text_add(text, "  %s, a step beyond its kernel: %.2f us  (%.2f to %.2f)\n", f->name, 1e6 * f->beyond.of.median,
                 1e6 * f->beyond.of.min, 1e6 * f->beyond.of.max);
}

void bench_show(const bench_result *r, pel_text *text)
{
    show_sizes(r, text);
    pel_text_add(text, "  %-12s %8s  range", "", "G cells/s");
    if (r->bytes_a_cell > 0) pel_text_add(text, " %21s %9s", "GB/s", "of triad");
    pel_text_add(text, r->which->flops > 0 ? " %9s %9s\n" : "\n", "Gflop/s", "of peak");
    for (int i = 0; i < r->count; i++) show_figures(r, &r->figures[i], text);
    show_ratio("temporal over spatial", r->temporal_over_spatial, text);
    show_ratio("temporal over hand", r->temporal_over_hand, text);
    show_ratio("temporal over the better", r->temporal_over_better, text);
    show_ratio("spatial over hand", r->spatial_over_hand, text);
    show_over_fftw(r, "raw FFTW", r->over_fftw, text);
    show_over_fftw(r, "FFTW_MEASURE", r->over_measured_fftw, text);
    show_part("Pelagos", r->over_part, text);
    if (r->which->rival && r->which->rival->is_part) show_part("raw FFTW", r->over_fftw, text);
    show_point_steps(r, text);
    for (int i = 0; i < r->count; i++) show_beyond(&r->figures[i], text);
}

void bench_show_scaling(const bench_result *few, const bench_result *many, pel_text *text)
{
    if (few->which != many->which || few->count != many->count) return;
    pel_text_add(text, "%s, %d over %d threads:", few->which->name, many->threads, few->threads);
    for (int i = 0; i < few->count; i++)
        pel_text_add(text, "%s %s %.2f", i > 0 ? "," : "", few->figures[i].name,
                     many->figures[i].updates.median / few->figures[i].updates.median);
    pel_text_add(text, "\n");
}

static void show_atoms_figures(const bench_atoms_result *r, const bench_atoms_figures *f, pel_text *text)
{
    pel_text_add(text, "  %-12s %8.3f  (%.3f to %.3f) %10.1f", f->name, f->rate.median / 1e6, f->rate.min / 1e6,
                 f->rate.max / 1e6, 1e9 * r->threads / f->rate.median);
    if (!r->which->builds_lists) {
        const int flops = r->which->material->flops;
        pel_text_add(text, " %12.1f", f->pairs / 1e6);
        if (flops > 0) pel_text_add(text, " %8.1f %%", 100 * f->pairs * flops / r->limits.peak);
        pel_text_add(text, " %8.1f %% %9.3f %12.7f %12.7f", 100 * f->list_share, f->imbalance, f->energy[0],
                     f->energy[1]);
    }
    pel_text_add(text, "\n");
}

void bench_atoms_show(const bench_atoms_result *r, pel_text *text)
{
    pel_text_add(text, "%s: %ld atoms, %d thread%s, %ld steps, %d turns\n", r->which->name, r->atoms, r->threads,
                 r->threads == 1 ? "" : "s", r->steps, r->repetitions);
    pel_text_add(text, "  an atom has %.1f pairs within the cutoff (each counted once) and %.1f neighbours in its list",
                 r->pairs_an_atom, r->list_pairs_an_atom);
    const int flops = r->which->builds_lists ? 0 : r->which->material->flops;
    if (flops > 0)
        pel_text_add(text, "; a pair takes %d operations, and the machine gives %.0f Gflop/s%s", flops,
                     r->limits.peak / 1e9, kept_or_not(&r->limits));
    pel_text_add(text, "\n  %21s  range %23s", r->which->builds_lists ? "M atoms/s" : "M atom-steps/s", "ns x thread");
    if (!r->which->builds_lists)
        pel_text_add(text, " %12s%s %10s %9s %25s", "M pairs/s", flops > 0 ? "    of peak" : "", "in lists",
                     "imbalance", "energy an atom, from, to");
    pel_text_add(text, "\n");
    for (int i = 0; i < r->count; i++) show_atoms_figures(r, &r->figures[i], text);
    show_ratio("what the same bits cost, time over time", r->cost_of_reproducible, text);
}

void bench_atoms_show_scaling(const bench_atoms_result *few, const bench_atoms_result *many, pel_text *text)
{
    if (few->which != many->which || few->atoms != many->atoms) return;
    pel_text_add(text, "%s, %d over %d threads:", few->which->name, many->threads, few->threads);
    for (int i = 0; i < few->count; i++)
        pel_text_add(text, "%s %s %.2f", i > 0 ? "," : "", few->figures[i].name,
                     many->figures[i].rate.median / few->figures[i].rate.median);
    pel_text_add(text, "\n");
}

/* ---- for programs ---- */

static void write_value(pel_text *json, double value)
{
    char number[32];
    pel_text_add(json, "%s", isfinite(value) ? pel_text_number(value, number) : "null");
}

static void write_number(pel_text *json, const char *name, double value)
{
    pel_text_add(json, "\"%s\": ", name);
    write_value(json, value);
}

static void write_peak(pel_text *json, const bench_limits *limits)
{
    write_number(json, "peak_operations_per_second", limits->peak);
    pel_text_add(json, ", \"peak_is_kept\": %s", limits->is_kept ? "true" : "false");
}

static void write_spread(pel_text *json, const char *name, bench_spread spread)
{
    pel_text_add(json, "\"%s\": {", name);
    write_number(json, "median", spread.median);
    pel_text_add(json, ", ");
    write_number(json, "min", spread.min);
    pel_text_add(json, ", ");
    write_number(json, "max", spread.max);
    pel_text_add(json, "}");
}

static void write_ratio(pel_text *json, const char *name, bench_ratio ratio)
{
    pel_text_add(json, ",\n     ");
    if (ratio.is_known) write_spread(json, name, ratio.of);
    else pel_text_add(json, "\"%s\": null", name);
}

static void write_figures(pel_text *json, const bench_result *r, const bench_figures *f)
{
    pel_text_add(
        json,
        "\n       \"%s\": {\"executor\": \"%s\", \"pitch\": %d, \"height\": %d, \"chunk\": %d, \"row\": %d,\n         ",
        f->name, f->is_hand || f->is_rival ? "none" : pel_executor_name(f->options.executor), f->options.pitch,
        f->options.height, f->options.chunk, f->options.row);
    write_spread(json, "updates_per_second", f->updates);
    pel_text_add(json, ",\n         ");
    write_number(json, "declared_bytes_per_second", f->bytes);
    pel_text_add(json, ", ");
    write_number(json, "fraction_of_triad", f->bytes / r->limits.triad);
    pel_text_add(json, ", ");
    write_number(json, "operations_per_second", f->flops);
    pel_text_add(json, ", ");
    write_number(json, "fraction_of_peak", f->flops / r->limits.peak);
    if (f->beyond.is_known) {
        pel_text_add(json, ",\n         ");
        write_spread(json, "seconds_a_step_beyond_kernel", f->beyond.of);
    }
    pel_text_add(json, "}");
}

static void write_result(pel_text *json, const bench_result *r)
{
    pel_text_add(json, "    {\"case\": \"%s\", \"cells\": [%d", r->which->name, r->cells[0]);
    for (int d = 1; d < r->which->dimensions; d++) pel_text_add(json, ", %d", r->cells[d]);
    pel_text_add(json, "], \"boundary\": \"%s\", \"threads\": %d, \"steps\": %ld, \"repetitions\": %d,\n     ",
                 r->is_periodic ? "periodic" : "wall", r->threads, r->steps, r->repetitions);
    pel_text_add(json, "\"verified\": true, ");
    write_number(json, "declared_bytes_per_cell", r->bytes_a_cell);
    pel_text_add(json, ", \"operations_per_cell\": %d,\n     ", r->which->flops);
    write_number(json, "triad_bytes_per_second", r->limits.triad);
    pel_text_add(json, ", ");
    write_peak(json, &r->limits);
    pel_text_add(json, ",\n     \"rates\": {");
    for (int i = 0; i < r->count; i++) {
        write_figures(json, r, &r->figures[i]);
        pel_text_add(json, i + 1 < r->count ? "," : "}");
    }
    write_ratio(json, "temporal_over_spatial", r->temporal_over_spatial);
    write_ratio(json, "temporal_over_hand", r->temporal_over_hand);
    write_ratio(json, "temporal_over_better", r->temporal_over_better);
    write_ratio(json, "spatial_over_hand", r->spatial_over_hand);
    write_ratio(json, "transforms_of_step", r->over_part);
    write_ratio(json, "over_raw_fftw", r->over_fftw);
    write_ratio(json, "over_measured_fftw", r->over_measured_fftw);
    pel_text_add(json, "}");
}

static void write_atoms_result(pel_text *json, const bench_atoms_result *r)
{
    pel_text_add(json, "    {\"case\": \"%s\", \"atoms\": %ld, \"threads\": %d, \"steps\": %ld, \"repetitions\": %d, ",
                 r->which->name, r->atoms, r->threads, r->steps, r->repetitions);
    pel_text_add(json, "\"verified\": true,\n     ");
    write_number(json, "pairs_per_atom", r->pairs_an_atom);
    const int flops = r->which->material->flops;
    pel_text_add(json, ", \"operations_per_pair\": %d, ", flops);
    write_peak(json, &r->limits);
    pel_text_add(json, ",\n     \"rates\": {");
    for (int i = 0; i < r->count; i++) {
        const bench_atoms_figures *f = &r->figures[i];
        pel_text_add(json, "%s\n       \"%s\": {", i > 0 ? "," : "", f->name);
        write_spread(json, "atom_steps_per_second", f->rate);
        pel_text_add(json, ", ");
        write_number(json, "pairs_per_second", r->which->builds_lists ? NAN : f->pairs);
        pel_text_add(json, ", ");
        const bool is_counted = flops > 0 && !r->which->builds_lists;
        write_number(json, "fraction_of_peak", is_counted ? f->pairs * flops / r->limits.peak : NAN);
        pel_text_add(json, ", ");
        write_number(json, "imbalance", f->imbalance);
        pel_text_add(json, ", ");
        write_number(json, "energy_per_atom_at_end", f->energy[1]);
        pel_text_add(json, "}");
    }
    pel_text_add(json, "}");
    write_ratio(json, "cost_of_reproducible", r->cost_of_reproducible);
    pel_text_add(json, "}");
}

static void open_json(pel_text *json)
{
    pel_text_add(json, "{\n  \"pelagos\": ");
    pel_text_add_json(json, pel_build_version());
    pel_text_add(json, ",\n  \"revision\": ");
    pel_text_add_json(json, pel_build_revision());
    pel_text_add(json, ",\n  \"processor\": ");
    pel_text_add_json(json, pel_machine_processor());
    pel_text_add(json, ",\n");
}

void bench_write_json(const bench_results *results, pel_text *json)
{
    open_json(json);
    pel_text_add(json, "  \"results\": [\n");
    for (int i = 0; i < results->grid_count; i++) {
        write_result(json, &results->grid[i]);
        pel_text_add(json, i + 1 < results->grid_count ? ",\n" : "\n");
    }
    pel_text_add(json, "  ],\n  \"particles\": [\n");
    for (int i = 0; i < results->atoms_count; i++) {
        write_atoms_result(json, &results->atoms[i]);
        pel_text_add(json, i + 1 < results->atoms_count ? ",\n" : "\n");
    }
    pel_text_add(json, "  ]\n}\n");
}

/* ---- a search ---- */

enum { SHOWN_CANDIDATES = 8 };

static void show_way(const pel_run_options *options, pel_text *text)
{
    pel_text way = {0};
    bench_describe_options(options, &way);
    pel_text_add(text, "  %-38s", pel_text_get(&way));
    pel_text_free(&way);
}

void bench_show_search(const bench_search *s, pel_text *text)
{
    pel_text_add(text, "%s: %d", s->deck_path, s->cells[0]);
    for (int d = 1; d < s->dimensions; d++) pel_text_add(text, " x %d", s->cells[d]);
    pel_text_add(text, " cells, %d thread%s, spans of %ld steps\n", s->threads, s->threads == 1 ? "" : "s", s->steps);
    pel_text_add(text, "the fastest of %d ways to run it, G cells/s:\n", s->count);
    for (int i = 0; i < s->count && i < SHOWN_CANDIDATES; i++) {
        show_way(&s->candidates[i].options, text);
        pel_text_add(text, "%8.4f\n", s->candidates[i].updates / 1e9);
    }
    pel_text_add(text, "in %d turns, medians and ranges:\n", s->repetitions);
    for (int i = 0; i <= s->finalists; i++) {
        show_way(i < s->finalists ? &s->candidates[i].options : &s->choice, text);
        pel_text_add(text, "%8.4f  (%.4f to %.4f)%s\n", s->updates[i].median / 1e9, s->updates[i].min / 1e9,
                     s->updates[i].max / 1e9,
                     i == s->finalists ? "  the planner's choice"
                     : i == s->best    ? "  best"
                                       : "");
    }
    pel_text_add(text, "the planner's choice over the best: %.3f  (%.3f to %.3f)\n", s->auto_over_best.median,
                 s->auto_over_best.min, s->auto_over_best.max);
}

static void write_way(pel_text *json, const pel_run_options *options)
{
    pel_text way = {0};
    bench_describe_options(options, &way);
    pel_text_add(json, "\"way\": ");
    pel_text_add_json(json, pel_text_get(&way));
    pel_text_free(&way);
}

static void write_finalists(pel_text *json, const bench_search *s)
{
    pel_text_add(json, "  \"finalists\": [\n");
    for (int i = 0; i <= s->finalists; i++) {
        pel_text_add(json, "    {");
        write_way(json, i < s->finalists ? &s->candidates[i].options : &s->choice);
        pel_text_add(json, ", ");
        write_spread(json, "updates_per_second", s->updates[i]);
        pel_text_add(json, i < s->finalists ? "},\n" : "}\n");
    }
    pel_text_add(json, "  ],\n  \"best\": %d,\n  ", s->best);
    write_spread(json, "auto_over_best", s->auto_over_best);
    pel_text_add(json, "\n}\n");
}

void bench_write_search_json(const bench_search *s, pel_text *json)
{
    open_json(json);
    pel_text_add(json, "  \"deck\": ");
    pel_text_add_json(json, s->deck_path);
    pel_text_add(json, ",\n  \"cells\": [%d", s->cells[0]);
    for (int d = 1; d < s->dimensions; d++) pel_text_add(json, ", %d", s->cells[d]);
    pel_text_add(json, "],\n  \"threads\": %d,\n  \"steps\": %ld,\n  \"repetitions\": %d,\n", s->threads, s->steps,
                 s->repetitions);
    pel_text_add(json, "  \"candidates\": [\n");
    for (int i = 0; i < s->count; i++) {
        pel_text_add(json, "    {");
        write_way(json, &s->candidates[i].options);
        pel_text_add(json, ", ");
        write_number(json, "updates_per_second", s->candidates[i].updates);
        pel_text_add(json, i + 1 < s->count ? "},\n" : "}\n");
    }
    pel_text_add(json, "  ],\n");
    write_finalists(json, s);
}

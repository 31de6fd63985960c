/* A random chain in words, for whoever looks into a failure. */
#include "support/random_chain.h"

static void print_field(const chain_case *c, int number, pel_text *text)
{
    static const char *const types[] = {"double", "float", "complex", "int32", "int64"};
    static const char *const kinds[] = {"none", "value", "gradient", "free-slip", "no-slip"};
    const field_case *f = &c->fields[number];
    pel_text_add(text, "  field %c: %s x %d, centring %u, along %u, levels %+d..%+d", 'a' + number, types[f->spec.type],
                 f->spec.components, f->spec.centring, f->spec.along, f->lowest, f->lowest + f->spec.levels - 1);
    for (int d = 0; d < c->grid.dimensions; d++)
        for (int side = 0; side < 2 && !c->grid.is_periodic[d]; side++) {
            const pel_boundary *b = &f->spec.boundary[d][side];
            pel_text_add(text, ", %c%c %s", "xyz"[d], side ? '+' : '-', kinds[b->kind]);
            if (b->function) pel_text_add(text, "(x, t)");
        }
    pel_text_add(text, "\n");
}

static void print_entry(const chain_case *c, int number, pel_text *text)
{
    static const char *const kinds[] = {"loop", "call", "tiles", "probe", "reduction"};
    static const char *const ranges[] = {"interior", "everything", "side", "box"};
    const entry_case *e = &c->entries[number];
    const pel_range *range = &e->range;
    pel_text_add(text, "  entry%d: %s over %s", number, kinds[e->kind], ranges[range->kind]);
    if (range->kind == PEL_RANGE_SIDE)
        pel_text_add(text, " %c%c depth %d", "xyz"[range->dimension], range -> side ? '+' : '-', range->depth);
    for (int d = 0; d < 3 && range->kind == PEL_RANGE_BOX; d++)
        pel_text_add(text, " [%d, %d)", range->box.lo[d], range->box.hi[d]);
    if (range->whole) pel_text_add(text, ", whole along %u", range->whole);
    if (e->is_star) pel_text_add(text, ", star");
    if (e->kind == ENTRY_TILES) pel_text_add(text, ", %d pieces", e->pieces);
    if (e->kind == ENTRY_REDUCE) pel_text_add(text, ", kind %d, centring %u", (int)e->reduction, e->centring);
    for (int i = 0; i < e->cell_count; i++)
        pel_text_add(text, " (%d, %d, %d)", e->cells[i][0], e->cells[i][1], e->cells[i][2]);
    (void)c;
}

static void print_accesses(const entry_case *e, pel_text *text)
{
    static const char *const names[] = {"reads", "writes", "updates"};
    for (int a = 0; a < e->access_count; a++) {
        const access_case *access = &e->access[a];
        pel_text_add(text, "; %s %c@%+d", names[access->access], 'a' + access->field, access->level);
        for (int d = 0; d < 3; d++)
            if (access->reach.lo[d] || access->reach.hi[d])
                pel_text_add(text, " %c[%d, %d]", "xyz"[d], access -> reach.lo[d], access->reach.hi[d]);
    }
    pel_text_add(text, "\n");
}

void random_chain_print(const chain_case *c, const run_case *run, pel_text *text)
{
    static const char *const executors[] = {"auto", "reference", "spatial", "temporal"};
    const pel_run_options *o = &run->options;
    pel_text_add(text, "seed %llu: %s chain on", (unsigned long long)c->seed,
                 c->kind == PEL_CHAIN_STEPPER ? "stepper" : "plain");
    for (int d = 0; d < c->grid.dimensions; d++)
        pel_text_add(text, "%s %d%s", d ? " x" : "", c->grid.cells[d], c->grid.is_periodic[d] ? " periodic" : "");
    pel_text_add(text, " cells; stretches of");
    for (int i = 0; i < c->stretch_count; i++) pel_text_add(text, " %d", c->stretches[i]);
    pel_text_add(text, " steps\n");
    for (int i = 0; i < c->field_count; i++) print_field(c, i, text);
    for (int i = 0; i < c->entry_count; i++) {
        print_entry(c, i, text);
        print_accesses(&c->entries[i], text);
    }
    pel_text_add(text, "  run: %s, %d threads, tile %d %d %d, pitch %d, height %d, chunk %d, row %d, order %ld%s\n",
                 executors[o->executor], run->threads, o->tile[0], o->tile[1], o->tile[2], o->pitch, o->height,
                 o->chunk, o->row, o->order, o->check_access ? ", checked" : "");
}

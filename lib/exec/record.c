/* Recording: what an app says of its loops is copied and checked as far as it can be seen from one loop. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "exec/chain_inside.h"

pel_status pel_chain_create(const char *name, pel_chain_kind kind, pel_chain **chain)
{
    pel_chain *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    fresh->kind = kind;
    const pel_status status = pel_text_copy(name, &fresh->name);
    if (status != PEL_OK) pel_chain_destroy(fresh);
    else *chain = fresh;
    return status;
}

static void free_recorded(slot *s)
{
    free(s->name);
    free(s->args);
    free(s->params);
    free(s->cells);
}

static void free_planned(slot *s)
{
    if (s->is_derived) free(s->args);
    free(s->piece_cost);
    free(s->piece_order);
    free(s->partials);
    free(s->taken);
    free(s->probed);
}

void pel_chain_destroy(pel_chain *chain)
{
    if (!chain) return;
    for (size_t i = 0; i < chain->plan.count; i++) free_planned(&chain->plan.slots[i]);
    for (size_t i = 0; i < chain->recorded.count; i++) free_recorded(&chain->recorded.slots[i]);
    free(chain->plan.slots);
    free(chain->recorded.slots);
    free(chain->rotated);
    free(chain->mistake);
    free(chain->name);
    free(chain);
}

const char *pel_chain_name(const pel_chain *chain)
{
    return chain->name;
}

/* Keeps the first mistake: those that follow are often its consequences. */
void pel_chain_refuse(pel_chain *chain, pel_status status)
{
    if (chain->status != PEL_OK || status == PEL_OK) return;
    chain->status = status;
    if (pel_text_copy(pel_failure(), &chain->mistake) != PEL_OK) chain->mistake = NULL;
}

pel_status pel_chain_status(const pel_chain *chain)
{
    if (chain->status == PEL_OK) return PEL_OK;
    return pel_fail(chain->status, "chain %s: %s", chain->name, chain->mistake ? chain->mistake : "recording failed");
}

/* ---- checks ---- */

static bool looks_around(const pel_arg *arg, unsigned whole)
{
    for (int d = 0; d < 3; d++)
        if (!(whole >> d & 1) && (arg->reach.lo[d] != 0 || arg->reach.hi[d] != 0)) return true;
    return false;
}

static bool is_same(const pel_arg *a, const pel_arg *b)
{
    return a->field == b->field && a->level == b->level;
}

static pel_status check_arg(const slot *s, const pel_arg *arg, int number)
{
    if (!arg->field) return pel_fail(PEL_ERR_ARGUMENT, "loop %s: access %d has no field", s->name, number);
    for (int d = 0; d < 3; d++)
        if (arg->reach.lo[d] > 0 || arg->reach.hi[d] < 0)
            return pel_fail(PEL_ERR_ARGUMENT, "loop %s: the reach [%d, %d] into %s must hold 0", s->name,
                            arg->reach.lo[d], arg->reach.hi[d], pel_field_name(arg->field));
    if (arg->access != PEL_READ && looks_around(arg, 0))
        return pel_fail(PEL_ERR_ARGUMENT, "loop %s: a write to %s has a reach; only reads look around", s->name,
                        pel_field_name(arg->field));
    return PEL_OK;
}

static pel_status check_pair(const slot *s, const pel_arg *write, const pel_arg *other)
{
    if (is_same(write, other) && other->access != PEL_READ)
        return pel_fail(PEL_ERR_ARGUMENT, "loop %s writes %s twice", s->name, pel_field_name(write->field));
    if (is_same(write, other) && looks_around(other, s->range.whole))
        return pel_fail(
            PEL_ERR_ARGUMENT,
            "loop %s looks around in %s, which it writes: the result would depend on the order; write to another "
            "field or level",
            s->name, pel_field_name(write->field));
    if (s->kind != SLOT_LOOP) return PEL_OK;
    const pel_field_spec *a = pel_field_spec_of(write->field), *b = pel_field_spec_of(other->field);
    if (other->access == PEL_READ && b->along & ~a->along & ~s->range.whole)
        return pel_fail(PEL_ERR_ARGUMENT,
                        "loop %s writes %s, which does not lie along all dimensions of %s, which it reads; declare the "
                        "others whole",
                        s->name, pel_field_name(write->field), pel_field_name(other->field));
    if (other->access == PEL_READ) return PEL_OK;
    if (a->centring != b->centring || a->along != b->along ||
        pel_field_grid(write->field) != pel_field_grid(other->field))
        return pel_fail(PEL_ERR_ARGUMENT, "loop %s writes %s and %s, which differ in centring; record two loops",
                        s->name, pel_field_name(write->field), pel_field_name(other->field));
    return PEL_OK;
}

static pel_status check_slot(const slot *s)
{
    bool writes = false;
    for (int i = 0; i < s->arg_count; i++) {
        PEL_TRY(check_arg(s, &s->args[i], i));
        PEL_TRY(pel_field_use_level(s->args[i].field, s->args[i].level));
        if (s->args[i].access == PEL_READ) continue;
        writes = true;
        for (int j = 0; j < s->arg_count; j++)
            if (j != i) PEL_TRY(check_pair(s, &s->args[i], &s->args[j]));
    }
    if (s->kind == SLOT_REDUCE && writes) return pel_fail(PEL_ERR_ARGUMENT, "reduction %s writes a field", s->name);
    if (s->kind == SLOT_REDUCE && s->range.kind == PEL_RANGE_SIDE)
        return pel_fail(PEL_ERR_ARGUMENT, "reduction %s is over a side; give a box of points", s->name);
    if (s->kind == SLOT_LOOP && !writes) return pel_fail(PEL_ERR_ARGUMENT, "loop %s writes nothing", s->name);
    return PEL_OK;
}

/* ---- recording ---- */

static pel_status copy_bytes(const void *from, size_t count, size_t size, void *to)
{
    void *fresh = NULL;
    PEL_TRY(pel_memory_new(count, size, &fresh));
    if (from && size > 0) memcpy(fresh, from, count * size);
    memcpy(to, &fresh, sizeof fresh);
    return PEL_OK;
}

static pel_status append(pel_chain *chain, const char *name, const slot *s)
{
    slot_list *list = &chain->recorded;
    if (chain->is_planned) return pel_fail(PEL_ERR_ARGUMENT, "%s is recorded after the commit", name);
    PEL_TRY(pel_memory_grow(&list->slots, &list->capacity, list->count + 1, sizeof *list->slots));
    slot *to = &list->slots[list->count++];
    *to = *s;
    to->name = NULL, to->args = NULL, to->params = NULL, to->cells = NULL;
    PEL_TRY(pel_text_copy(name, &to->name));
    PEL_TRY(copy_bytes(s->args, (size_t)s->arg_count, sizeof *s->args, &to->args));
    PEL_TRY(copy_bytes(s->params, 1, s->params_size, &to->params));
    if (s->cells) PEL_TRY(copy_bytes(s->cells, (size_t)s->cell_count, sizeof *s->cells, &to->cells));
    return check_slot(to);
}

static void record(pel_chain *chain, const char *name, const slot *s)
{
    if (chain->status == PEL_OK) pel_chain_refuse(chain, append(chain, name, s));
}

void pel_chain_loop_args(pel_chain *chain, const char *name, pel_kernel *kernel, const void *params, size_t params_size,
                         pel_range range, const pel_arg *args, int arg_count)
{
    record(chain, name,
           &(slot){.kind = SLOT_LOOP,
                   .kernel = kernel,
                   .params = (void *)(uintptr_t)params,
                   .params_size = params_size,
                   .range = range,
                   .args = (pel_arg *)(uintptr_t)args,
                   .arg_count = arg_count});
}

void pel_chain_call_args(pel_chain *chain, const char *name, pel_call_function *function, const void *params,
                         size_t params_size, const pel_arg *args, int arg_count)
{
    record(chain, name,
           &(slot){.kind = SLOT_CALL,
                   .call = function,
                   .params = (void *)(uintptr_t)params,
                   .params_size = params_size,
                   .range = PEL_EVERYTHING,
                   .args = (pel_arg *)(uintptr_t)args,
                   .arg_count = arg_count});
}

void pel_chain_tiles_args(pel_chain *chain, const char *name, long count, pel_tiles_function *function,
                          const void *params, size_t params_size, const pel_arg *args, int arg_count)
{
    record(chain, name,
           &(slot){.kind = SLOT_TILES,
                   .tiles = function,
                   .piece_count = count,
                   .params = (void *)(uintptr_t)params,
                   .params_size = params_size,
                   .range = PEL_EVERYTHING,
                   .args = (pel_arg *)(uintptr_t)args,
                   .arg_count = arg_count});
}

void pel_chain_probe(pel_chain *chain, pel_field *field, int level, const int (*cells)[3], int count,
                     pel_probe_sink *sink, void *data)
{
    const pel_arg arg = pel_read(field, level);
    record(chain, pel_field_name(field),
           &(slot){.kind = SLOT_PROBE,
                   .range = PEL_EVERYTHING,
                   .cells = (int(*)[3])(uintptr_t)cells,
                   .cell_count = count,
                   .sink = sink,
                   .sink_data = data,
                   .args = (pel_arg *)(uintptr_t)&arg,
                   .arg_count = 1});
}

void pel_chain_reduce_args(pel_chain *chain, const char *name, pel_reduction reduction, pel_kernel *kernel,
                           const void *params, size_t params_size, unsigned centring, pel_range range,
                           pel_reduced *result, const pel_arg *args, int arg_count)
{
    record(chain, name,
           &(slot){.kind = SLOT_REDUCE,
                   .reduction = reduction,
                   .kernel = kernel,
                   .params = (void *)(uintptr_t)params,
                   .params_size = params_size,
                   .centring = centring,
                   .range = range,
                   .result = result,
                   .args = (pel_arg *)(uintptr_t)args,
                   .arg_count = arg_count});
}

void pel_chain_flops(pel_chain *chain, double flops)
{
    if (chain->status != PEL_OK || chain->recorded.count == 0) return;
    slot *last = &chain->recorded.slots[chain->recorded.count - 1];
    last->flops = flops;
    last->knows_flops = true;
}

pel_status pel_chain_params(pel_chain *chain, const char *name, const void *params, size_t size)
{
    bool is_found = false;
    for (size_t i = 0; i < chain->recorded.count; i++) {
        slot *s = &chain->recorded.slots[i];
        if (strcmp(s->name, name) != 0) continue;
        if (s->params_size != size)
            return pel_fail(PEL_ERR_ARGUMENT, "loop %s was recorded with %zu bytes of parameters, not %zu", name,
                            s->params_size, size);
        memcpy(s->params, params, size); /* the plan shares them */
        is_found = true;
    }
    return is_found ? PEL_OK : pel_fail(PEL_ERR_NAME, "chain %s has no loop %s", chain->name, name);
}

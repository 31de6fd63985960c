/* The plan. A way is what a process does: so many threads, in such places, so many times the problem. The weak point on
 * one thread is the strong one, and is run once. */
#include "scale/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "sim/run.h"

enum { MOST_WAYS = 4 * SCALE_MOST_THREAD_COUNTS };

/* ---- how many threads ---- */

static void take_count(scale_plan *plan, int threads)
{
    int at = 0;
    while (at < plan->thread_count && plan->thread_counts[at] < threads) at++;
    if (at < plan->thread_count && plan->thread_counts[at] == threads) return;
    memmove(&plan->thread_counts[at + 1], &plan->thread_counts[at],
            (size_t)(plan->thread_count - at) * sizeof *plan->thread_counts);
    plan->thread_counts[at] = threads;
    plan->thread_count++;
}

static void choose_counts(const scale_request *request, scale_plan *plan)
{
    for (int i = 0; i < request->thread_count; i++) take_count(plan, request->threads[i]);
    if (request->thread_count > 0) return;
    for (int threads = 1; threads <= plan->granted; threads *= 2) take_count(plan, threads);
    take_count(plan, plan->granted);
}

/* ---- ways ---- */

static pel_status find_growth(const scale_request *request, const pel_app *const *apps, int app_count, int factor,
                              scale_plan *plan, char **growth)
{
    pel_text overrides = {0};
    pel_status status = pel_run_grow(request->deck_path, request->sets, request->set_count, apps, app_count,
                                     request->grow, factor, &overrides, plan->grow);
    if (status == PEL_OK) status = pel_text_copy(pel_text_get(&overrides), growth);
    pel_text_free(&overrides);
    return status;
}

static int find_way(const scale_plan *plan, int threads, pel_placement_kind places, int factor)
{
    for (int i = 0; i < plan->way_count; i++) {
        const scale_way *way = &plan->ways[i];
        if (way->threads == threads && way->places == places && way->factor == factor) return i;
    }
    return -1;
}

static pel_status add_way(const scale_request *request, const pel_app *const *apps, int app_count, scale_way way,
                          scale_plan *plan)
{
    scale_way *fresh = &plan->ways[plan->way_count];
    *fresh = way;
    snprintf(fresh->name, sizeof fresh->name, "%03d-threads-%s-%dx", way.threads, pel_placement_kind_name(way.places),
             way.factor);
    PEL_TRY(pel_memory_new((size_t)request->rounds, sizeof *fresh->samples, &fresh->samples));
    plan->way_count++;
    if (way.factor > 1) return find_growth(request, apps, app_count, way.factor, plan, &fresh->growth);
    return PEL_OK;
}

/* ---- points ---- */

static pel_status add_point(const scale_request *request, const pel_app *const *apps, int app_count, scale_point point,
                            scale_plan *plan)
{
    const int factor = point.mode == SCALE_WEAK ? point.threads : 1;
    point.way = find_way(plan, point.threads, point.places, factor);
    if (point.way < 0) {
        point.way = plan->way_count;
        const scale_way way = {.threads = point.threads, .places = point.places, .factor = factor};
        PEL_TRY(add_way(request, apps, app_count, way, plan));
    }
    plan->points[plan->point_count++] = point;
    return PEL_OK;
}

static pel_status add_points(const scale_request *request, const pel_app *const *apps, int app_count, scale_plan *plan)
{
    for (int mode = SCALE_STRONG; mode <= SCALE_WEAK; mode++)
        for (int places = PEL_PLACEMENT_COMPACT; places <= PEL_PLACEMENT_SPREAD; places++)
            for (int i = 0; i < plan->thread_count && plan->has_mode[mode] && plan->has_places[places]; i++) {
                const scale_point point = {.mode = (scale_mode)mode,
                                           .threads = plan->thread_counts[i],
                                           .places = (pel_placement_kind)places,
                                           .is_oversubscribed = plan->thread_counts[i] > plan->granted};
                PEL_TRY(add_point(request, apps, app_count, point, plan));
            }
    return PEL_OK;
}

/* Weak points only if asked for, or if the problem can grow. */
static pel_status choose_modes(const scale_request *request, const pel_app *const *apps, int app_count,
                               scale_plan *plan)
{
    memcpy(plan->has_mode, request->has_mode, sizeof plan->has_mode);
    if (plan->has_mode[SCALE_STRONG] || plan->has_mode[SCALE_WEAK]) return PEL_OK;
    char *growth = NULL;
    plan->has_mode[SCALE_STRONG] = true;
    const pel_status status = find_growth(request, apps, app_count, 2, plan, &growth);
    free(growth);
    plan->has_mode[SCALE_WEAK] = status == PEL_OK;
    if (status == PEL_OK || request->grow) return status; /* who says how means weak points */
    return status == PEL_ERR_USAGE ? pel_text_copy(pel_failure(), &plan->why_not_weak) : status;
}

/* ---- are the decks good? ---- */

static pel_status check_way(const scale_request *request, const pel_app *const *apps, int app_count,
                            const scale_way *way)
{
    const char *sets[PEL_GROW_MOST + 256];
    char *growth = NULL;
    int count = 0;
    for (; count < request->set_count && count < 256; count++) sets[count] = request->sets[count];
    PEL_TRY(pel_text_copy(way->growth ? way->growth : "", &growth));
    for (char *line = strtok(growth, "\n"); line; line = strtok(NULL, "\n")) sets[count++] = line;
    pel_text resolved = {0};
    pel_status status = pel_run_check(request->deck_path, sets, count, apps, app_count, &resolved);
    pel_text_free(&resolved);
    free(growth);
    if (status != PEL_OK && way->factor > 1)
        pel_fail_within(status, "the weak point of %d times the problem: ", way->factor);
    return status;
}

pel_status scale_plan_make(const scale_request *request, const pel_app *const *apps, int app_count, int granted,
                           scale_plan *plan)
{
    plan->granted = granted;
    choose_counts(request, plan);
    memcpy(plan->has_places, request->has_places, sizeof plan->has_places);
    if (!plan->has_places[0] && !plan->has_places[1]) plan->has_places[PEL_PLACEMENT_COMPACT] = true;
    PEL_TRY(pel_memory_new(MOST_WAYS, sizeof *plan->ways, &plan->ways));
    PEL_TRY(pel_memory_new(MOST_WAYS, sizeof *plan->points, &plan->points));
    PEL_TRY(check_way(request, apps, app_count, &(scale_way){.factor = 1}));
    PEL_TRY(choose_modes(request, apps, app_count, plan));
    PEL_TRY(add_points(request, apps, app_count, plan));
    for (int i = 0; i < plan->way_count; i++)
        if (plan->ways[i].factor > 1) PEL_TRY(check_way(request, apps, app_count, &plan->ways[i]));
    return PEL_OK;
}

void scale_plan_free(scale_plan *plan)
{
    for (int i = 0; i < plan->way_count; i++) {
        free(plan->ways[i].growth);
        free(plan->ways[i].samples);
        free(plan->ways[i].trouble);
    }
    free(plan->ways);
    free(plan->points);
    free(plan->why_not_weak);
    *plan = (scale_plan){0};
}

void scale_plan_connect(scale_plan *plan)
{
    for (int i = 0; i < plan->point_count; i++) {
        scale_point *point = &plan->points[i];
        const scale_way *way = &plan->ways[point->way];
        point->samples = way->samples;
        point->sample_count = way->sample_count;
        if (way->sample_count > 0) point->work_a_step = way->samples[0].work / way->samples[0].steps;
    }
}

/* shallow-water: the step of the app as a deck asks for it, SSP-RK3 with energy-conserving momentum and
 * viscosity, from a bump. What it measures is what a run gets, so there is no hand-written rival. */
#include "bench/cases.h"

static void write_deck(const int cells[3], bool is_periodic, pel_text *text)
{
    const char *side = is_periodic ? "periodic" : "wall";
    pel_text_add(text,
                 "app: shallow-water\n"
                 "grid: {cells: [%d, %d], extent: [%d km, %d km], boundary: [%s, %s]}\n"
                 "physics: {depth: 500 m, gravity: 0.1 m s-2, momentum: energy, coriolis: {f0: 7e-5 s-1}, viscosity: "
                 "100 m2 s-1}\n"
                 "initial: {profile: bump, amplitude: 10 m, width: %d km}\n"
                 "time: {scheme: ssp-rk3, step: auto, end: 1 year}\n",
                 cells[0], cells[1], 5 * cells[0], 5 * cells[1], side, side, cells[0]);
}

const bench_case bench_shallow_water = {
    .name = "shallow-water",
    .summary = "the app's step: SSP-RK3, energy-conserving momentum",
    .dimensions = 2,
    .cells = {2048, 2048, 1},
    .steps = 16,
    .app = "shallow-water",
    .deck = write_deck,
};

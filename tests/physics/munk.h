/**
 * @file
 * For the tests of the linear Munk gyre: the deck, and what it gives.
 *
 * Munk, J. Meteor. 7 (1950) 79, with the exact solution of A (X'''' - 2 l^2 X'' + l^4 X) - beta X' = pi tau0 / (rho H
 * L), l = pi/L, X = X' = 0 at x = 0, L; psi = X(x) sin(pi y/L): free-slip in the south and north, no-slip in the west
 * and east. L = 1200 km, H = 5000 m, beta = 1e-11 m-1 s-1, tau0 = 0.1 N m-2, rho = 1000 kg m-3, A = 400 m2 s-1. Its
 * figures: X H at most 32.2148 Sv, at x = 117.90 km; 25.591, 14.812, 4.347 Sv at 200, 600, 1000 km; v at most 0.0916042
 * m/s, at x = 40.37 km. The steady state does not depend on gravity: 0.02 m s-2 makes the spin-up affordable. It ends
 * when the short Rossby waves of the boundary layer, at beta / k^2 = 0.012 m/s, have crossed the basin a few times.
 */
#ifndef PELAGOS_TESTS_PHYSICS_MUNK_H
#define PELAGOS_TESTS_PHYSICS_MUNK_H

#include "solve.h"

static const char munk_deck[] =
    "app: shallow-water\n"
    "grid:\n"
    "  cells: [60, 60]\n"
    "  extent: [1200 km, 1200 km]\n"
    "  boundary: {west: {wall: no-slip}, east: {wall: no-slip}, south: {wall: free-slip}, north: {wall: free-slip}}\n"
    "physics:\n"
    "  depth: 5000 m\n"
    "  gravity: 0.02 m s-2\n"
    "  momentum: linear\n"
    "  coriolis: {f0: 1e-4 s-1, beta: 1e-11 m-1 s-1}\n"
    "  wind: {profile: single-gyre, stress: 0.1 N m-2}\n"
    "  viscosity: 400 m2 s-1\n"
    "time: {scheme: ab3, step: auto, safety: 0.95, end: 1800 days}\n"
    "output: {snapshots: {every: 300 days}}\n";

/* The gyre at the latitude of its middle. */
typedef struct gyre {
    double transport[4]; /* X H at its maximum, 200, 600, 1000 km, Sv */
    double most_at;      /* where X H is largest, km */
    double v, v_at;      /* largest northward velocity, m/s, and where, km */
} gyre;

/* Runs the gyre on n x n cells: X at the face x is the sum of v over the cells west of it, v at the face y = L/2. */
static inline gyre spin_up(const char *name, int n, const char *end)
{
    char cells[64];
    snprintf(cells, sizeof cells, "grid.cells=[%d, %d]", n, n);
    solve(name, munk_deck, cells, end, NULL);
    array v = read_record(name, "v", -1);
    const double km = 1200.0 / n;
    gyre found = {.v = 0};
    double transport = 0;
    for (int x = 0; x < n; x++) {
        const double speed = at(v, x, n / 2);
        if (speed > found.v) found.v = speed, found.v_at = (x + 0.5) * km;
        transport += speed * km * 1e3 * 5000 / 1e6;
        if (transport > found.transport[0]) found.transport[0] = transport, found.most_at = (x + 1) * km;
        for (int i = 0; i < 3; i++)
            if (fabs((x + 1) * km - (200 + 400 * i)) < 0.1) found.transport[1 + i] = transport;
    }
    free(v.values);
    return found;
}

static const double munk_transport[] = {32.2148, 25.591, 14.812, 4.347};

#endif

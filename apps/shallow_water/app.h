/**
 * @file
 * The app `shallow-water`: one layer of fluid on a beta-plane.
 */
#ifndef PELAGOS_APPS_SHALLOW_WATER_APP_H
#define PELAGOS_APPS_SHALLOW_WATER_APP_H

#include "sim/app.h"

extern const pel_app shallow_water_app;

#endif

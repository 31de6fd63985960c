/**
 * @file
 * The app `heat`: the tutorial of docs/write-your-own-app.md.
 */
#ifndef PELAGOS_APPS_HEAT_APP_H
#define PELAGOS_APPS_HEAT_APP_H

#include "sim/app.h"

extern const pel_app heat_app;

#endif

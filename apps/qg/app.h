/**
 * @file
 * The app `qg`: quasi-geostrophic turbulence in a doubly periodic box.
 */
#ifndef PELAGOS_APPS_QG_APP_H
#define PELAGOS_APPS_QG_APP_H

#include "sim/app.h"

extern const pel_app qg_app;

#endif

/**
 * @file
 * The app `md`: molecular dynamics with short-range forces.
 */
#ifndef PELAGOS_APPS_MD_APP_H
#define PELAGOS_APPS_MD_APP_H

#include "sim/app.h"

extern const pel_app md_app;

#endif

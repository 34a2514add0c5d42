/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "bus-backend.h"
#include "bus-generated.h"

G_BEGIN_DECLS

/**
 * BusRoot:
 *
 * The interface org.segue.Segue1: version, locale, skills.
 */
#define BUS_TYPE_ROOT (bus_root_get_type ())
G_DECLARE_FINAL_TYPE (BusRoot, bus_root, BUS, ROOT, BusGenSegue1Skeleton)

BusRoot *bus_root_new (BusBackend *backend, const char *version);

G_END_DECLS

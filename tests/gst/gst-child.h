/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What @launcher spawns from now on ends when the test does, however that ends. */
void gst_child_bind (GSubprocessLauncher *launcher);

G_END_DECLS

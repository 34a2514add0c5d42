/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The calling thread, and those it creates, run before others when the processor is scarce, as far as
 * we are allowed to: for those who would drop out if they came late. */
void player_gst_priority_raise (void);

G_END_DECLS

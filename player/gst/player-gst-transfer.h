/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-gst-fetch.h"

G_BEGIN_DECLS

/* The fetch thread: brings the courses of a #PlayerGstFetch home. Owns a reference to it, @data. */
gpointer player_gst_transfer_thread (gpointer data);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "bus-generated.h"

G_BEGIN_DECLS

/* What "seguectl status" tells of music services. */

/* Rows, if there is a queue, or something is wrong with a service. */
void ctl_music_show_print (BusGenSegue1Music *music);

/* The member "music" of an a{sv}, if there is a queue. */
void ctl_music_show_add (BusGenSegue1Music *music, GVariantBuilder *builder);

/* (transfer full): how long a URL can still be opened: "good for 12 s", "expired 3 s ago"; %NULL for 0.
 * @valid_until_ms: since 1970 */
char *ctl_music_show_validity (gint64 valid_until_ms);

G_END_DECLS

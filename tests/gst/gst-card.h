/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "tests/gst/gst-tap.h"

G_BEGIN_DECLS

/* Registers "seguecardsink tap=N" (N: address of a tap): a sound card of 16 bit stereo that reads its
 * ring in time, whatever lies there, as ALSA's sink does. */
gboolean gst_card_register (void);

G_END_DECLS

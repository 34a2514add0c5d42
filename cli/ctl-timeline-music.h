/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What lines of the timeline tell of music services. */

/* What one is asked: about which item, or for what. @document: (nullable): the parsed request */
void ctl_timeline_music_request (GString *out, GVariant *document);

/* What one gives, or why it does not; skills' answers have no header. */
void ctl_timeline_music_answer (GString *out, const char *json);

/* @changed: properties of org.segue.Segue1.Music, a{sv}. Nothing for those nobody waits for. */
void ctl_timeline_music_changed (GString *out, GVariant *changed);

G_END_DECLS

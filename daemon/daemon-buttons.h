/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-skills.h"
#include "dbus/bus-backend.h"

G_BEGIN_DECLS

/**
 * daemon_buttons_press:
 * @context: (not nullable): outlives the answer of the skill by the reference it holds
 * @error: of BUS_ERROR, see the Player interface
 *
 * What a button does: a request to the skill whose stream is current or was the last, else
 * something local. A paused stream goes on locally, and Stop is always local. If the request to
 * pause fails, the audio is paused locally after all.
 */
gboolean daemon_buttons_press (DaemonContext *context,
                               DaemonSkills *skills,
                               BusButton button,
                               GError **error);

G_END_DECLS

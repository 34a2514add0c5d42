/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-skills.h"

G_BEGIN_DECLS

/**
 * DaemonReporter:
 *
 * Takes each report of the player to the skill that supplied the stream, also when another skill's
 * stream has taken its place. Streams without a skill are reported to nobody.
 */
#define DAEMON_TYPE_REPORTER (daemon_reporter_get_type ())
G_DECLARE_FINAL_TYPE (DaemonReporter, daemon_reporter, DAEMON, REPORTER, GObject)

DaemonReporter *daemon_reporter_new (PlayerController *controller, DaemonSkills *skills);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-skills.h"

G_BEGIN_DECLS

/**
 * SECTION:daemon-diagnosis
 *
 * What stands between the user and sound, as far as the daemon can know: the audio output, decoders,
 * the clock, names, certificates, skills, files. Nothing that plays is touched, and no skill is sent
 * anything: the connection to it is all that is tried.
 */

/* A check that has not come to its end by then is told as such. */
#define DAEMON_DIAGNOSIS_LIMIT_MS 8000

/**
 * daemon_diagnosis_run:
 * @skills: those known by URL are tried, too
 *
 * Makes all checks at the same time, without blocking.
 */
void daemon_diagnosis_run (DaemonContext *context,
                           DaemonSkills *skills,
                           GAsyncReadyCallback callback,
                           gpointer user_data);

/* (transfer full): a(sssss): check, subject, verdict, text, remedy, as the D-Bus method Diagnose() has
 * them. It does not fail. */
GVariant *daemon_diagnosis_finish (GAsyncResult *result);

G_END_DECLS

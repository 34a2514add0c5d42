/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "ctl-context.h"

G_BEGIN_DECLS

/* What "seguectl doctor" has found out: an array of rows that are told in the end. */

typedef enum
{
  CTL_VERDICT_OK,
  CTL_VERDICT_NOTICE,
  CTL_VERDICT_PROBLEM,
  CTL_VERDICT_UNCHECKED,
} CtlVerdict;

typedef struct
{
  GVariantBuilder rows; /* aa{sv} */
  gboolean json;
  guint problems;
} CtlDoctor;

void ctl_doctor_init (CtlDoctor *self, gboolean json);
void ctl_doctor_clear (CtlDoctor *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CtlDoctor, ctl_doctor_clear)

/* Adds a row; prints it at once unless JSON is wanted. @subject, @remedy: "" for none. */
void ctl_doctor_add (CtlDoctor *self,
                     const char *check,
                     const char *subject,
                     CtlVerdict verdict,
                     const char *text,
                     const char *remedy);

/* "ok", "notice", "problem", "unchecked"; what is none of them counts as unchecked. */
CtlVerdict ctl_doctor_verdict_from_string (const char *word);

/* Prints what is left to be printed. Returns: the exit status */
int ctl_doctor_finish (CtlDoctor *self);

/* --- ctl-doctor-bus.c: the way to the daemon --- */

/* Whether the bus is there and the daemon runs, which is started if the bus can do that. On FALSE it has
 * been added why. */
gboolean ctl_doctor_find_daemon (CtlDoctor *self, CtlContext *context);
/* What the caller may do. Nothing is done. */
void ctl_doctor_check_rights (CtlDoctor *self, CtlContext *context);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-doctor.h"

#include <math.h>

#include "ctl-commands.h"
#include "ctl-table.h"
#include "ctl-text.h"

/* The daemon allows itself 8 s. */
#define DIAGNOSE_TIMEOUT_MS 20000

static const char *const words[] = { "ok", "notice", "problem", "unchecked" };

/* --- What is told ------------------------------------------------------------------------------
 */

void
ctl_doctor_init (CtlDoctor *self, gboolean json)
{
  *self = (CtlDoctor){ .json = json };
  g_variant_builder_init (&self->rows, G_VARIANT_TYPE ("aa{sv}"));
}

void
ctl_doctor_clear (CtlDoctor *self)
{
  g_variant_builder_clear (&self->rows);
}

CtlVerdict
ctl_doctor_verdict_from_string (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (words[i], word) == 0)
      return i;
  return CTL_VERDICT_UNCHECKED;
}

static void
print_row (const char *check,
           const char *subject,
           CtlVerdict verdict,
           const char *text,
           const char *remedy)
{
  static const char *const labels[] = { "ok", "notice", "PROBLEM", "not checked" };
  g_autofree char *clean_subject = ctl_text_clean (subject, 0);
  g_autofree char *clean_text = ctl_text_clean (text, 0);
  g_autofree char *clean_remedy = ctl_text_clean (remedy, 0);
  g_print ("%-12s%s%s%s: %s\n", labels[verdict], check, *subject != '\0' ? " " : "", clean_subject,
           clean_text);
  if (*remedy != '\0')
    g_print ("%-12s→ %s\n", "", clean_remedy);
}

void
ctl_doctor_add (CtlDoctor *self,
                const char *check,
                const char *subject,
                CtlVerdict verdict,
                const char *text,
                const char *remedy)
{
  self->problems += verdict == CTL_VERDICT_PROBLEM;
  if (verdict == CTL_VERDICT_OK)
    remedy = "";
  if (!self->json)
    {
      print_row (check, subject, verdict, text, remedy);
      return;
    }
  g_variant_builder_open (&self->rows, G_VARIANT_TYPE_VARDICT);
  ctl_table_add_string (&self->rows, "check", check);
  ctl_table_add_string (&self->rows, "subject", subject);
  ctl_table_add_string (&self->rows, "verdict", words[verdict]);
  ctl_table_add_string (&self->rows, "text", text);
  ctl_table_add_string (&self->rows, "remedy", remedy);
  g_variant_builder_close (&self->rows);
}

int
ctl_doctor_finish (CtlDoctor *self)
{
  if (self->json)
    {
      GVariantBuilder all = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
      g_variant_builder_add (&all, "{sv}", "ok", g_variant_new_boolean (self->problems == 0));
      g_variant_builder_add (&all, "{sv}", "findings", g_variant_builder_end (&self->rows));
      g_variant_builder_init (&self->rows, G_VARIANT_TYPE ("aa{sv}"));
      ctl_table_print_json (g_variant_builder_end (&all));
    }
  else if (self->problems == 0)
    g_print ("Nothing stands in the way of sound.\n");
  else
    g_print ("%u %s.\n", self->problems, self->problems == 1 ? "problem" : "problems");
  return self->problems == 0 ? EX_OK : CTL_EXIT_NOT_NOW;
}

/* --- What the daemon tells ---------------------------------------------------------------------
 */

/* It would play, and nobody would hear it. */
static void
check_volume (CtlDoctor *self, CtlContext *context)
{
  g_autoptr (BusGenSegue1Player) player = ctl_context_get_player (context);
  if (player == NULL)
    return;
  double volume = bus_gen_segue1_player_get_volume (player);
  g_autofree char *text = g_strdup_printf ("%.0f %%", volume * 100.0);
  if (bus_gen_segue1_player_get_muted (player))
    ctl_doctor_add (self, "volume", "", CTL_VERDICT_PROBLEM, "it is muted",
                    "seguectl volume unmute");
  else
    ctl_doctor_add (self, "volume", "",
                    lround (volume * 100.0) > 0 ? CTL_VERDICT_OK : CTL_VERDICT_PROBLEM, text,
                    "seguectl volume 40%");
}

static void
add_findings (CtlDoctor *self, GVariant *findings)
{
  GVariantIter iter;
  const char *check = NULL;
  const char *subject = NULL;
  const char *verdict = NULL;
  const char *text = NULL;
  const char *remedy = NULL;
  g_variant_iter_init (&iter, findings);
  while (g_variant_iter_next (&iter, "(&s&s&s&s&s)", &check, &subject, &verdict, &text, &remedy))
    ctl_doctor_add (self, check, subject, ctl_doctor_verdict_from_string (verdict), text, remedy);
}

static void
add_call_failure (CtlDoctor *self, CtlContext *context, const GError *error)
{
  g_autoptr (GError) plain = g_error_copy (error);
  g_dbus_error_strip_remote_error (plain);
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED))
    ctl_doctor_add (self, "daemon", "", CTL_VERDICT_UNCHECKED,
                    "what the daemon knows: you may not ask it",
                    "ask as root: sudo seguectl --system doctor");
  else
    ctl_doctor_add (self, "daemon", "", CTL_VERDICT_PROBLEM, plain->message,
                    context->bus == G_BUS_TYPE_SYSTEM ? "see its log: journalctl -u segued"
                                                      : "see its log: journalctl --user -u segued");
}

static void
ask_daemon (CtlDoctor *self, CtlContext *context)
{
  g_autoptr (BusGenSegue1) root = ctl_context_get_root (context);
  if (root == NULL)
    {
      self->problems++; /* it has been said why */
      return;
    }
  g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (root), DIAGNOSE_TIMEOUT_MS);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) findings = NULL;
  if (bus_gen_segue1_call_diagnose_sync (root, &findings, NULL, &error))
    add_findings (self, findings);
  else
    add_call_failure (self, context, error);
}

int
ctl_run_doctor (CtlContext *self, int argc, char **argv)
{
  if (argc > 0)
    return ctl_usage (self, "unexpected argument \"%s\"", argv[0]);
  g_auto (CtlDoctor) doctor;
  ctl_doctor_init (&doctor, self->json);
  gboolean found = ctl_doctor_find_daemon (&doctor, self);
  if (found)
    {
      ctl_doctor_check_rights (&doctor, self);
      check_volume (&doctor, self);
      ask_daemon (&doctor, self);
    }
  int status = ctl_doctor_finish (&doctor);
  return found ? status : EX_UNAVAILABLE;
}

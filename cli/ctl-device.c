/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-commands.h"
#include "ctl-json.h"
#include "ctl-text.h"

static void
print_member (GVariant *card, const char *label, const char *path)
{
  g_autofree char *value = ctl_json_get (card, path);
  if (value == NULL)
    return;
  g_autofree char *clean = ctl_text_clean (value, 0);
  g_print ("%-10s %s\n", label, clean);
}

int
ctl_run_card (CtlContext *self, int argc, char **argv)
{
  if (argc > 0)
    return ctl_usage (self, "unexpected argument \"%s\"", argv[0]);
  g_autoptr (BusGenSegue1Conversation) conversation = ctl_context_get_conversation (self);
  if (conversation == NULL)
    return EX_UNAVAILABLE;
  g_autoptr (GError) error = NULL;
  g_autofree char *skill = NULL;
  g_autofree char *json = NULL;
  if (!bus_gen_segue1_conversation_call_get_last_card_sync (conversation, &skill, &json, NULL,
                                                            &error))
    return ctl_explain (self, error);
  if (*json == '\0')
    {
      ctl_complain (self, "no card has come since segued has started");
      return CTL_EXIT_NOT_NOW;
    }
  if (self->json)
    {
      g_print ("%s\n", json);
      return EX_OK;
    }
  g_autoptr (GVariant) card = ctl_json_parse (json);
  g_autofree char *clean = ctl_text_clean (skill, 0);
  g_print ("%-10s %s\n", "Skill", clean);
  print_member (card, "Type", "type");
  print_member (card, "Title", "title");
  print_member (card, "Text", "content");
  print_member (card, "Text", "text");
  print_member (card, "Image", "image.largeImageUrl");
  return EX_OK;
}

int
ctl_run_locale (CtlContext *self, int argc, char **argv)
{
  if (argc > 1)
    return ctl_usage (self, "one locale at a time: unexpected argument \"%s\"", argv[1]);
  g_autoptr (BusGenSegue1) root = ctl_context_get_root (self);
  if (root == NULL)
    return EX_UNAVAILABLE;
  if (argc == 0)
    {
      const char *locale = bus_gen_segue1_get_locale (root);
      g_autofree char *clean = ctl_text_clean (locale != NULL ? locale : "", 0);
      if (self->json)
        g_print ("{\"locale\":\"%s\"}\n", clean);
      else
        g_print ("%s\n", clean);
      return EX_OK;
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_proxy_call_sync (
      G_DBUS_PROXY (root), "org.freedesktop.DBus.Properties.Set",
      g_variant_new ("(ssv)", CTL_BUS_NAME, "Locale", g_variant_new_string (argv[0])),
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  return reply != NULL ? EX_OK : ctl_explain (self, error);
}

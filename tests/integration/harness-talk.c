/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* What a user says and presses. */
#include "harness.h"

#define WAIT_MS 15000

void
harness_launch (Harness *self)
{
  g_autoptr (GVariant) reply = harness_call (self, HARNESS_CONVERSATION, "Launch",
                                             g_variant_new ("(s)", harness_url (self)));
  g_assert_true (g_variant_is_of_type (reply, G_VARIANT_TYPE ("(s)")));
}

static GVariant *
intent_args (Harness *self, const char *name, const char *slots)
{
  return g_variant_new ("(ss@a{ss})", harness_url (self), name,
                        g_variant_new_parsed (slots != NULL ? slots : "@a{ss} {}"));
}

void
harness_intent (Harness *self, const char *name, const char *slots)
{
  g_autoptr (GVariant) reply
      = harness_call (self, HARNESS_CONVERSATION, "Intent", intent_args (self, name, slots));
}

void
harness_press (Harness *self, const char *button)
{
  g_autoptr (GVariant) reply = harness_call (self, HARNESS_PLAYER, button, NULL);
}

void
harness_send (Harness *self, const char *interface, const char *method, GVariant *args)
{
  g_dbus_connection_call (harness_connection (self), "org.segue.Segue1", HARNESS_PATH, interface,
                          method, args, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL,
                          NULL);
}

void
harness_answer (Harness *self, const char *on, const char *answer, guint delay_ms)
{
  g_autofree char *fault = g_strdup_printf (
      "{\"fault\":\"answer\",\"on\":\"%s\",\"delay_ms\":%u,\"answer\":%s}", on, delay_ms, answer);
  harness_fault (self, fault);
}

typedef struct
{
  Harness *harness;
  const char *interface;
  const char *property;
  const char *expected;
} Wanted;

static gboolean
has_value (gpointer user_data)
{
  Wanted *wanted = user_data;
  g_autoptr (GVariant) value = harness_get (wanted->harness, wanted->interface, wanted->property);
  g_autofree char *text = g_variant_print (value, FALSE);
  return g_strcmp0 (text, wanted->expected) == 0;
}

void
harness_wait_property (Harness *self,
                       const char *interface,
                       const char *property,
                       const char *expected)
{
  Wanted wanted = { self, interface, property, expected };
  if (harness_wait (WAIT_MS, has_value, &wanted))
    return;
  g_autoptr (GVariant) value = harness_get (self, interface, property);
  g_autofree char *text = g_variant_print (value, FALSE);
  harness_fail ("%s is %s, expected %s", property, text, expected);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "dbus/bus-errors.h"
#include "dbus/bus-url.h"

static void
test_names (void)
{
  const char *const names[] = {
    "UnknownSkill",   "NoSkill", "InvalidArgument", "InvalidResponse", "Timeout",
    "Unreachable",    "Http",    "NoSession",       "NotPlaying",      "NotSeekable",
    "NothingToPlay",  "Busy",    "ShuttingDown",    "Superseded",      "NotSpeaking",
    "NoMusicService", "NoMusic", "NotAllowed",      "NotFound",        "NotLinked",
    "NotSupported",   "Refused",
  };
  g_assert_cmpuint (G_N_ELEMENTS (names), ==, BUS_ERROR_REFUSED + 1);

  for (guint code = 0; code < G_N_ELEMENTS (names); code++)
    {
      g_autoptr (GError) error = g_error_new_literal (BUS_ERROR, code, "text");
      g_autofree char *encoded = g_dbus_error_encode_gerror (error);
      g_autofree char *expected = g_strconcat ("org.segue.Error.", names[code], NULL);
      g_assert_cmpstr (encoded, ==, expected);

      g_autoptr (GError) back = g_dbus_error_new_for_dbus_error (expected, "text");
      g_assert_error (back, BUS_ERROR, (int)code);
    }
}

static void
test_urls (void)
{
  const char *const good[] = { "http://127.0.0.1:3000/a.mp3", "https://radio.example/live?x=1",
                               "file:///var/lib/music/a%20b.flac", "HTTPS://radio.example/" };
  const char *const bad[] = { "",         "a.mp3",        "/var/a.mp3",         "ftp://a.example/b",
                              "https://", "http:///path", "file:relative.flac", "data:audio/x,1" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_true (bus_url_check (good[i], &error));
      g_assert_no_error (error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", bad[i]);
      g_assert_false (bus_url_check (bad[i], &error));
      g_assert_error (error, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_secret_stays (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (bus_url_check ("ftp://a.example/b?signature=s3cret", &error));
  g_assert_null (strstr (error->message, "s3cret"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bus/errors/names", test_names);
  g_test_add_func ("/bus/url/check", test_urls);
  g_test_add_func ("/bus/url/secret-stays", test_secret_stays);
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <glib.h>

#include "ctl-parse.h"
#include "ctl-text.h"

static void
test_position (void)
{
  static const struct
  {
    const char *text;
    gint64 ms;
    gboolean relative;
  } good[] = {
    { "0", 0, FALSE },
    { "83", 83000, FALSE },
    { "83.5", 83500, FALSE },
    { "83s", 83000, FALSE },
    { "1:23", 83000, FALSE },
    { "1:23.25", 83250, FALSE },
    { "1:02:03", 3723000, FALSE },
    { "83500ms", 83500, FALSE },
    { "+10", 10000, TRUE },
    { "-10", -10000, TRUE },
    { "-1:00", -60000, TRUE },
    { "+250ms", 250, TRUE },
    { "90:00", 5400000, FALSE },
  };
  static const char *const bad[]
      = { "",     "x",    "1:",  ":1", "1:60",  "1:2:3:4", "--1",
          "1e3",  "0x10", "+",   "-",  "ms",    "s",       "1.2.3",
          "1:2s", "nan",  "inf", "1 ", "1.5:3", "+-1",     "99999999999999999999" };
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      gboolean relative = !good[i].relative;
      gint64 ms = -7;
      g_assert_true (ctl_parse_position (good[i].text, &relative, &ms));
      g_assert_cmpint (ms, ==, good[i].ms);
      g_assert_cmpint (relative, ==, good[i].relative);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      gboolean relative = 7;
      gint64 ms = -7;
      g_test_message ("\"%s\"", bad[i]);
      g_assert_false (ctl_parse_position (bad[i], &relative, &ms));
      g_assert_cmpint (ms, ==, -7);
      g_assert_cmpint (relative, ==, 7);
    }
}

static void
test_volume (void)
{
  gboolean relative;
  double volume;
  g_assert_true (ctl_parse_volume ("40%", &relative, &volume));
  g_assert_cmpfloat_with_epsilon (volume, 0.4, 1e-9);
  g_assert_false (relative);
  g_assert_true (ctl_parse_volume ("-5", &relative, &volume));
  g_assert_cmpfloat_with_epsilon (volume, -0.05, 1e-9);
  g_assert_true (relative);
  static const char *const bad[] = { "", "%", "101", "-", "loud", "5%%", "1e1" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (ctl_parse_volume (bad[i], &relative, &volume));
}

static void
test_slot (void)
{
  g_autofree char *name = NULL;
  g_autofree char *value = NULL;
  g_assert_false (ctl_parse_slot ("station", &name, &value));
  g_assert_false (ctl_parse_slot ("=x", &name, &value));
  g_assert_true (ctl_parse_slot ("station=a=b", &name, &value));
  g_assert_cmpstr (name, ==, "station");
  g_assert_cmpstr (value, ==, "a=b");
}

static void
check_clean (const char *text, gsize max_chars, const char *expected)
{
  g_autofree char *clean = ctl_text_clean (text, max_chars);
  g_assert_cmpstr (clean, ==, expected);
}

static void
test_text (void)
{
  check_clean ("plain", 0, "plain");
  check_clean ("a\033[31mb\nc", 0, "a [31mb c");
  check_clean ("a\xc2\x9b"
               "31m",
               0, "a 31m");                               /* CSI as one character */
  check_clean ("left\xe2\x80\xaeright", 0, "left right"); /* turns the direction of writing */
  check_clean ("bad \xff byte", 0, "bad \xef\xbf\xbd byte");
  check_clean ("abcdef", 4, "abc…");
  check_clean ("abcd", 4, "abcd");
  check_clean ("", 4, "");
}

static void
check_position (gint64 ms, gboolean fine, const char *expected)
{
  g_autofree char *text = ctl_text_position (ms, fine);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_print_position (void)
{
  check_position (0, FALSE, "0:00");
  check_position (83999, FALSE, "1:23");
  check_position (83007, TRUE, "1:23.007");
  check_position (3723000, FALSE, "1:02:03");
  check_position (-1, FALSE, "-:--");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/parse/position", test_position);
  g_test_add_func ("/ctl/parse/volume", test_volume);
  g_test_add_func ("/ctl/parse/slot", test_slot);
  g_test_add_func ("/ctl/text/clean", test_text);
  g_test_add_func ("/ctl/text/position", test_print_position);
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Which URLs may be asked, and which are this very machine. */
#include "daemon/daemon-config-endpoint.h"
#include "daemon/daemon-config.h"

#include <string.h>

static const char *const good[] = {
  "https://skill.example/alexa",
  "https://skill.example",
  "HTTPS://SKILL.EXAMPLE:8443/alexa?code=1",
  "https://192.0.2.1/",
  "http://127.0.0.1:3000/",
  "http://127.255.0.3/x",
  "http://[::1]:3000/",
  "http://localhost:3000/",
  "http://LocalHost/",
  "http://localhost./",
  "http://skill.localhost/",
};

typedef struct
{
  const char *url;
  const char *fault;
} Bad;

static const Bad bad[] = {
  { "", "not an absolute URL" },
  { "skill.example/alexa", "not an absolute URL" },
  { "/alexa", "not an absolute URL" },
  { "ftp://localhost/", "neither https nor http" },
  { "file:///etc/passwd", "neither https nor http" },
  { "localhost:3000", "neither https nor http" },
  { "https:///alexa", "a URL without a host" },
  { "http://skill.example/", "plain http to another machine" },
  { "http://192.168.1.2/", "plain http to another machine" },
  { "http://128.0.0.1/", "plain http to another machine" },
  { "http://0.0.0.0/", "plain http to another machine" },
  { "http://127.0.0.1.example/", "plain http to another machine" },
  { "http://localhost.example/", "plain http to another machine" },
  { "http://notlocalhost/", "plain http to another machine" },
  { "http://.localhost/", "plain http to another machine" },
  { "http://127.1/", "plain http to another machine" },
  { "http://localhost@evil.example/", "user name or password in the URL" },
  { "https://user:hush@skill.example/", "user name or password in the URL" },
  { "https://skill.example/#top", "a fragment (#…) in the URL" },
  { "https://skill.example:0/", "port 0" },
  { "https://skill.example/a b",
    "white space, a backslash or a character beyond ASCII in the URL" },
  { "https://skíll.example/", "white space, a backslash or a character beyond ASCII in the URL" },
  { "http://localhost\\@evil.example/",
    "white space, a backslash or a character beyond ASCII in the URL" },
};

static void
test_good (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", good[i]);
      g_assert_true (daemon_config_check_endpoint (good[i], &error));
      g_assert_no_error (error);
    }
}

static void
test_bad (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *expected
          = g_strconcat (bad[i].fault, "; allowed: ", DAEMON_CONFIG_ENDPOINT_ALLOWED, NULL);
      g_test_message ("%s", bad[i].url);
      g_assert_false (daemon_config_check_endpoint (bad[i].url, &error));
      g_assert_error (error, DAEMON_CONFIG_ERROR, DAEMON_CONFIG_ERROR_VALUE);
      g_assert_cmpstr (error->message, ==, expected);
      g_assert_null (strstr (error->message, "hush"));
    }
}

static void
test_loopback (void)
{
  g_assert_true (daemon_config_url_is_loopback ("https://localhost/"));
  g_assert_true (daemon_config_url_is_loopback ("http://127.0.0.1:1/a.mp3"));
  g_assert_true (daemon_config_url_is_loopback ("http://[::1]/a.mp3"));
  g_assert_false (daemon_config_url_is_loopback ("http://[::ffff:127.0.0.1]/a.mp3"));
  g_assert_false (daemon_config_url_is_loopback ("https://cdn.example/localhost/"));
  g_assert_false (daemon_config_url_is_loopback ("file:///a.mp3"));
  g_assert_false (daemon_config_url_is_loopback (""));
  g_assert_false (daemon_config_url_is_loopback ("http://"));
}

/* Skills know their users by it: it must stay what it is from version to version. */
static void
test_application_id (void)
{
  g_autofree char *id = daemon_config_derive_application_id ("http://127.0.0.1:3000/");

  g_assert_cmpstr (id, ==, "amzn1.ask.skill.c51203df-6e75-5968-a33f-fcf79a8a0067");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config-endpoint/good", test_good);
  g_test_add_func ("/config-endpoint/bad", test_bad);
  g_test_add_func ("/config-endpoint/loopback", test_loopback);
  g_test_add_func ("/config-endpoint/application-id", test_application_id);
  return g_test_run ();
}

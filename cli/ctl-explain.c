/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-context.h"

typedef struct
{
  const char *name; /* D-Bus error */
  int exit_status;
  const char *sentence; /* (nullable): for those whose message says all */
  const char *hint;     /* (nullable): what to do */
} Explanation;

static const Explanation explanations[] = {
  { "org.segue.Error.UnknownSkill", EX_USAGE, NULL, "\"seguectl skills\" lists the skills" },
  { "org.segue.Error.NoSkill", EX_USAGE, "do not know which skill",
    "\"seguectl skills\" lists the skills" },
  { "org.segue.Error.InvalidArgument", EX_USAGE, "that value cannot be used" },
  { "org.segue.Error.InvalidResponse", EX_PROTOCOL, "the answer is not valid" },
  { "org.segue.Error.Timeout", EX_TEMPFAIL, "the skill did not answer in time" },
  { "org.segue.Error.Unreachable", EX_TEMPFAIL, "the skill cannot be reached" },
  { "org.segue.Error.Http", EX_PROTOCOL, "the skill answered with an error" },
  { "org.segue.Error.NoSession", CTL_EXIT_NOT_NOW, NULL },
  { "org.segue.Error.NotPlaying", CTL_EXIT_NOT_NOW, NULL },
  { "org.segue.Error.NotSeekable", CTL_EXIT_NOT_NOW, "this stream has no positions to go to" },
  { "org.segue.Error.NothingToPlay", CTL_EXIT_NOT_NOW, NULL },
  { "org.segue.Error.Busy", EX_TEMPFAIL, NULL },
  { "org.segue.Error.ShuttingDown", EX_TEMPFAIL, NULL },
  { "org.segue.Error.Superseded", CTL_EXIT_NOT_NOW, NULL },
  { "org.segue.Error.NotSpeaking", CTL_EXIT_NOT_NOW, NULL },
  { "org.segue.Error.NoMusicService", EX_USAGE, NULL,
    "\"seguectl music\" lists the music services" },
  { "org.segue.Error.NoMusic", CTL_EXIT_NOT_NOW, NULL },
  { "org.segue.Error.NotAllowed", CTL_EXIT_NOT_NOW, "the music service does not allow that" },
  { "org.segue.Error.NotFound", CTL_EXIT_NOT_NOW, "the music service has nothing like that" },
  { "org.segue.Error.NotLinked", EX_NOPERM, "the account at the music service needs you" },
  { "org.segue.Error.NotSupported", EX_PROTOCOL, "the music service does not know that request" },
  { "org.segue.Error.Refused", EX_PROTOCOL, "the music service refused" },
  { "org.freedesktop.DBus.Error.ServiceUnknown", EX_UNAVAILABLE, "segued is not running" },
  { "org.freedesktop.DBus.Error.NameHasNoOwner", EX_UNAVAILABLE, "segued is not running" },
  { "org.freedesktop.DBus.Error.Disconnected", EX_UNAVAILABLE, "the bus has gone" },
  { "org.freedesktop.DBus.Error.NoReply", EX_TEMPFAIL, "segued did not answer" },
  { "org.freedesktop.DBus.Error.Timeout", EX_TEMPFAIL, "segued did not answer" },
  { "org.freedesktop.DBus.Error.UnknownMethod", EX_SOFTWARE,
    "segued does not know that call: its version and that of seguectl differ" },
};

int
ctl_explain (const CtlContext *self, const GError *error)
{
  g_autofree char *name = g_dbus_error_get_remote_error (error);
  g_autoptr (GError) plain = g_error_copy (error);
  g_dbus_error_strip_remote_error (plain);
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED))
    {
      /* the bus's own words tell rules and connections, and nothing that helps */
      ctl_complain (self, "you may not do that: %s",
                    self->bus == G_BUS_TYPE_SYSTEM
                        ? "on the system bus only root and the group \"segue\" control segued"
                        : plain->message);
      return EX_NOPERM;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (explanations); i++)
    if (g_strcmp0 (explanations[i].name, name) == 0)
      {
        const Explanation *found = &explanations[i];
        /* nor is anything said twice */
        gboolean said
            = found->sentence == NULL || g_str_has_prefix (plain->message, found->sentence);
        ctl_complain (self, "%s%s%s%s%s", said ? "" : found->sentence, said ? "" : ": ",
                      plain->message, found->hint != NULL ? "\n" : "",
                      found->hint != NULL ? found->hint : "");
        return found->exit_status;
      }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    {
      ctl_complain (self, "segued did not answer: %s", plain->message);
      return EX_TEMPFAIL;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    {
      ctl_complain (self, "the bus has gone: %s", plain->message);
      return EX_UNAVAILABLE;
    }
  ctl_complain (self, "%s", plain->message);
  return EX_SOFTWARE;
}

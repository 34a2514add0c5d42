/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-errors.h"

#define BUS_ERROR_PREFIX "org.segue.Error."

static const GDBusErrorEntry bus_error_entries[] = {
  { BUS_ERROR_UNKNOWN_SKILL, BUS_ERROR_PREFIX "UnknownSkill" },
  { BUS_ERROR_NO_SKILL, BUS_ERROR_PREFIX "NoSkill" },
  { BUS_ERROR_INVALID_ARGUMENT, BUS_ERROR_PREFIX "InvalidArgument" },
  { BUS_ERROR_INVALID_RESPONSE, BUS_ERROR_PREFIX "InvalidResponse" },
  { BUS_ERROR_TIMEOUT, BUS_ERROR_PREFIX "Timeout" },
  { BUS_ERROR_UNREACHABLE, BUS_ERROR_PREFIX "Unreachable" },
  { BUS_ERROR_HTTP, BUS_ERROR_PREFIX "Http" },
  { BUS_ERROR_NO_SESSION, BUS_ERROR_PREFIX "NoSession" },
  { BUS_ERROR_NOT_PLAYING, BUS_ERROR_PREFIX "NotPlaying" },
  { BUS_ERROR_NOT_SEEKABLE, BUS_ERROR_PREFIX "NotSeekable" },
  { BUS_ERROR_NOTHING_TO_PLAY, BUS_ERROR_PREFIX "NothingToPlay" },
  { BUS_ERROR_BUSY, BUS_ERROR_PREFIX "Busy" },
  { BUS_ERROR_SHUTTING_DOWN, BUS_ERROR_PREFIX "ShuttingDown" },
  { BUS_ERROR_SUPERSEDED, BUS_ERROR_PREFIX "Superseded" },
  { BUS_ERROR_NOT_SPEAKING, BUS_ERROR_PREFIX "NotSpeaking" },
  { BUS_ERROR_NO_MUSIC_SERVICE, BUS_ERROR_PREFIX "NoMusicService" },
  { BUS_ERROR_NO_MUSIC, BUS_ERROR_PREFIX "NoMusic" },
  { BUS_ERROR_NOT_ALLOWED, BUS_ERROR_PREFIX "NotAllowed" },
  { BUS_ERROR_NOT_FOUND, BUS_ERROR_PREFIX "NotFound" },
  { BUS_ERROR_NOT_LINKED, BUS_ERROR_PREFIX "NotLinked" },
  { BUS_ERROR_NOT_SUPPORTED, BUS_ERROR_PREFIX "NotSupported" },
  { BUS_ERROR_REFUSED, BUS_ERROR_PREFIX "Refused" },
};
G_STATIC_ASSERT (G_N_ELEMENTS (bus_error_entries) == BUS_ERROR_REFUSED + 1);

GQuark
bus_error_quark (void)
{
  static gsize quark = 0;
  g_dbus_error_register_error_domain ("bus-error-quark", &quark, bus_error_entries,
                                      G_N_ELEMENTS (bus_error_entries));
  return (GQuark)quark;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-fault.h"

#include "alexa/alexa-response.h"
#include "dbus/bus-errors.h"

static BusError
code_of_transport (const GError *error)
{
  static const BusError codes[] = {
    [DAEMON_TRANSPORT_ERROR_UNREACHABLE] = BUS_ERROR_UNREACHABLE,
    [DAEMON_TRANSPORT_ERROR_TLS] = BUS_ERROR_UNREACHABLE,
    [DAEMON_TRANSPORT_ERROR_TIMEOUT] = BUS_ERROR_TIMEOUT,
    [DAEMON_TRANSPORT_ERROR_STATUS] = BUS_ERROR_HTTP,
    [DAEMON_TRANSPORT_ERROR_TOO_LARGE] = BUS_ERROR_INVALID_RESPONSE,
    [DAEMON_TRANSPORT_ERROR_TRUNCATED] = BUS_ERROR_INVALID_RESPONSE,
    [DAEMON_TRANSPORT_ERROR_UNSIGNED] = BUS_ERROR_UNREACHABLE,
    [DAEMON_TRANSPORT_ERROR_DNS] = BUS_ERROR_UNREACHABLE,
    [DAEMON_TRANSPORT_ERROR_CLOCK] = BUS_ERROR_UNREACHABLE,
  };
  if (error->domain == DAEMON_TRANSPORT_ERROR && (gsize)error->code < G_N_ELEMENTS (codes))
    return codes[error->code];
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? BUS_ERROR_SHUTTING_DOWN
                                                                   : BUS_ERROR_UNREACHABLE;
}

GError *
daemon_fault_from_transport (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);
  return g_error_new_literal (BUS_ERROR, code_of_transport (error), error->message);
}

DaemonFaultClass
daemon_fault_classify (const GError *transport_error, guint status)
{
  g_return_val_if_fail (transport_error != NULL, DAEMON_FAULT_FINAL);
  if (transport_error->domain != DAEMON_TRANSPORT_ERROR)
    return DAEMON_FAULT_FINAL;
  switch ((DaemonTransportError)transport_error->code)
    {
    case DAEMON_TRANSPORT_ERROR_UNREACHABLE:
    case DAEMON_TRANSPORT_ERROR_TLS:
    case DAEMON_TRANSPORT_ERROR_UNSIGNED:
    case DAEMON_TRANSPORT_ERROR_DNS:
    case DAEMON_TRANSPORT_ERROR_CLOCK:
      return DAEMON_FAULT_AWAY;
    case DAEMON_TRANSPORT_ERROR_TIMEOUT:
    case DAEMON_TRANSPORT_ERROR_TRUNCATED:
      return DAEMON_FAULT_PASSING;
    case DAEMON_TRANSPORT_ERROR_STATUS:
      return status >= 502 && status <= 504 ? DAEMON_FAULT_PASSING : DAEMON_FAULT_FINAL;
    case DAEMON_TRANSPORT_ERROR_TOO_LARGE:
    default:
      return DAEMON_FAULT_FINAL;
    }
}

GError *
daemon_fault_from_response (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);
  return g_error_new_literal (BUS_ERROR, BUS_ERROR_INVALID_RESPONSE, error->message);
}

const char *
daemon_fault_message_for_skill (const GError *response_error)
{
  g_return_val_if_fail (response_error != NULL, NULL);
  if (g_error_matches (response_error, ALEXA_RESPONSE_ERROR, ALEXA_RESPONSE_ERROR_NULL))
    return response_error->message;
  if (g_error_matches (response_error, ALEXA_RESPONSE_ERROR, ALEXA_RESPONSE_ERROR_TOO_LARGE))
    return alexa_lint_rule (ALEXA_LINT_BODY_TOO_LARGE)->sentence;
  return DAEMON_FAULT_DISPATCH_MESSAGE;
}

const char *
daemon_fault_to_name (const GError *error)
{
  static const char *const names[] = {
    [BUS_ERROR_UNKNOWN_SKILL] = "UnknownSkill",
    [BUS_ERROR_NO_SKILL] = "NoSkill",
    [BUS_ERROR_INVALID_ARGUMENT] = "InvalidArgument",
    [BUS_ERROR_INVALID_RESPONSE] = "InvalidResponse",
    [BUS_ERROR_TIMEOUT] = "Timeout",
    [BUS_ERROR_UNREACHABLE] = "Unreachable",
    [BUS_ERROR_HTTP] = "Http",
    [BUS_ERROR_NO_SESSION] = "NoSession",
    [BUS_ERROR_NOT_PLAYING] = "NotPlaying",
    [BUS_ERROR_NOT_SEEKABLE] = "NotSeekable",
    [BUS_ERROR_NOTHING_TO_PLAY] = "NothingToPlay",
    [BUS_ERROR_BUSY] = "Busy",
    [BUS_ERROR_SHUTTING_DOWN] = "ShuttingDown",
    [BUS_ERROR_SUPERSEDED] = "Superseded",
    [BUS_ERROR_NOT_SPEAKING] = "NotSpeaking",
    [BUS_ERROR_NO_MUSIC_SERVICE] = "NoMusicService",
    [BUS_ERROR_NO_MUSIC] = "NoMusic",
    [BUS_ERROR_NOT_ALLOWED] = "NotAllowed",
    [BUS_ERROR_NOT_FOUND] = "NotFound",
    [BUS_ERROR_NOT_LINKED] = "NotLinked",
    [BUS_ERROR_NOT_SUPPORTED] = "NotSupported",
    [BUS_ERROR_REFUSED] = "Refused",
  };
  g_return_val_if_fail (error != NULL && error->domain == BUS_ERROR, "Unreachable");
  g_return_val_if_fail ((gsize)error->code < G_N_ELEMENTS (names), "Unreachable");
  return names[error->code];
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BUS_ERROR:
 *
 * The named errors of the bus API; registered as D-Bus errors "org.segue.Error.<Name>".
 */
#define BUS_ERROR (bus_error_quark ())
GQuark bus_error_quark (void);

/* The comments are the table of errors in the D-Bus reference. */
typedef enum
{
  BUS_ERROR_UNKNOWN_SKILL,    /* UnknownSkill: no skill of that name, and no URL */
  BUS_ERROR_NO_SKILL,         /* NoSkill: no skill was named, and there is no default */
  BUS_ERROR_INVALID_ARGUMENT, /* InvalidArgument: out of range; the message says what is allowed */
  BUS_ERROR_INVALID_RESPONSE, /* InvalidResponse: the answer, or the given document, is void */
  BUS_ERROR_TIMEOUT,          /* Timeout: the skill gave no answer in 8 s */
  BUS_ERROR_UNREACHABLE,      /* Unreachable: DNS, connection, TLS or signing failed */
  BUS_ERROR_HTTP,             /* Http: the skill answered with a status other than 200 */
  BUS_ERROR_NO_SESSION,       /* NoSession: there is no open session to end */
  BUS_ERROR_NOT_PLAYING,      /* NotPlaying: the call needs a stream under way */
  BUS_ERROR_NOT_SEEKABLE,     /* NotSeekable: the stream cannot be sought */
  BUS_ERROR_NOTHING_TO_PLAY,  /* NothingToPlay: there is no stream, no queue and no skill to ask */
  BUS_ERROR_BUSY,             /* Busy: too many requests wait for this skill */
  BUS_ERROR_SHUTTING_DOWN,    /* ShuttingDown: the daemon is about to end */
  BUS_ERROR_SUPERSEDED,       /* Superseded: the user turned to another skill before it left */
  BUS_ERROR_NOT_SPEAKING,     /* NotSpeaking: nobody has begun to speak */
  BUS_ERROR_NO_MUSIC_SERVICE, /* NoMusicService: none of that name, or none at all, is configured */
  BUS_ERROR_NO_MUSIC,         /* NoMusic: the call needs a queue of a music service */
  BUS_ERROR_NOT_ALLOWED,      /* NotAllowed: the music service does not allow that, now */
  BUS_ERROR_NOT_FOUND,        /* NotFound: the music service has nothing like that */
  BUS_ERROR_NOT_LINKED,       /* NotLinked: the account at the music service needs the user */
  BUS_ERROR_NOT_SUPPORTED,    /* NotSupported: the music service has no such request */
  BUS_ERROR_REFUSED,          /* Refused: the music service refused; the message says why */
} BusError;

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * DaemonJournalEvent:
 * @DAEMON_JOURNAL_READY: the name on the bus is owned
 * @DAEMON_JOURNAL_STOPPING: asked to end
 * @DAEMON_JOURNAL_PLAYING: a stream sounds: after its start, a pause, or a wait
 * @DAEMON_JOURNAL_STREAM_FAILED: a stream cannot be played; SEGUE_ERROR_TYPE, SEGUE_URL, SEGUE_REASON
 * @DAEMON_JOURNAL_SKILL_UNREACHABLE: no connection to a skill; once, until it is reached;
 * SEGUE_SKILL
 * @DAEMON_JOURNAL_SKILL_REACHABLE: a skill that was not reached answers again; SEGUE_SKILL
 * @DAEMON_JOURNAL_REQUEST_FAILED: a request got no usable answer; SEGUE_SKILL, SEGUE_REQUEST
 * @DAEMON_JOURNAL_REPORT_REFUSED: a skill has refused a report for good; SEGUE_SKILL,
 * SEGUE_REQUEST
 * @DAEMON_JOURNAL_REPORT_DROPPED: a report is given up, too old or too many; SEGUE_SKILL
 * @DAEMON_JOURNAL_OUTPUT_LOST: the audio output is away, and waited for; SEGUE_REASON
 * @DAEMON_JOURNAL_OUTPUT_FOUND: the audio output is back
 * @DAEMON_JOURNAL_OUTPUT_GIVEN_UP: the audio output has not come back in time; SEGUE_REASON
 * @DAEMON_JOURNAL_SPEECH_FAILED: something was not spoken; SEGUE_SKILL, SEGUE_REASON
 * @DAEMON_JOURNAL_RELOADED: the configuration has been read anew
 * @DAEMON_JOURNAL_RELOAD_REFUSED: the configuration is wrong, the old one holds
 * @DAEMON_JOURNAL_STORE_SET_ASIDE: the database was damaged and is set aside; SEGUE_FILE
 * @DAEMON_JOURNAL_STORE_FAILING: nothing more can be stored; SEGUE_REASON
 * @DAEMON_JOURNAL_STORE_WORKS: it can be stored again
 * @DAEMON_JOURNAL_RESUMED: after a restart, what played is taken up again; SEGUE_TOKEN
 * @DAEMON_JOURNAL_NOT_RESUMED: going on has ended the daemon again and again: what played stays paused;
 * SEGUE_TOKEN
 * @DAEMON_JOURNAL_HANG: the main loop or the audio stands still; the service manager is let
 * restart us
 * @DAEMON_JOURNAL_CLOCK_WRONG: the clock stands before this program was built
 * @DAEMON_JOURNAL_CLOCK_SET: the clock has been set
 *
 * What an operator may want to find in the journal, or be told of. Each has a MESSAGE_ID that never
 * changes and an entry in the journal's catalog (systemd/segue.catalog). The fields named are those
 * it comes with.
 */
typedef enum
{
  DAEMON_JOURNAL_READY,
  DAEMON_JOURNAL_STOPPING,
  DAEMON_JOURNAL_PLAYING,
  DAEMON_JOURNAL_STREAM_FAILED,
  DAEMON_JOURNAL_SKILL_UNREACHABLE,
  DAEMON_JOURNAL_SKILL_REACHABLE,
  DAEMON_JOURNAL_REQUEST_FAILED,
  DAEMON_JOURNAL_REPORT_REFUSED,
  DAEMON_JOURNAL_REPORT_DROPPED,
  DAEMON_JOURNAL_OUTPUT_LOST,
  DAEMON_JOURNAL_OUTPUT_FOUND,
  DAEMON_JOURNAL_OUTPUT_GIVEN_UP,
  DAEMON_JOURNAL_SPEECH_FAILED,
  DAEMON_JOURNAL_RELOADED,
  DAEMON_JOURNAL_RELOAD_REFUSED,
  DAEMON_JOURNAL_STORE_SET_ASIDE,
  DAEMON_JOURNAL_STORE_FAILING,
  DAEMON_JOURNAL_STORE_WORKS,
  DAEMON_JOURNAL_RESUMED,
  DAEMON_JOURNAL_NOT_RESUMED,
  DAEMON_JOURNAL_HANG,
  DAEMON_JOURNAL_CLOCK_WRONG,
  DAEMON_JOURNAL_CLOCK_SET,
} DaemonJournalEvent;

/* The fields of an event: names and values by turns. Names begin with "SEGUE_". A value that is %NULL
 * is left out with its name. */
#define DAEMON_JOURNAL_FIELDS(...)                                                                 \
  (const char *const[]) { __VA_ARGS__, NULL, NULL }

/**
 * daemon_journal_log:
 * @fields: (nullable): DAEMON_JOURNAL_FIELDS(); URLs in them are redacted as those of the message
 *   are, but secrets do not belong there
 * @format: the message, one line
 *
 * Logs @event at its level, through the log writer: to the journal with MESSAGE_ID and fields, else
 * as a line.
 *
 * |[
 * daemon_journal_log (DAEMON_JOURNAL_REPORT_DROPPED, DAEMON_JOURNAL_FIELDS ("SEGUE_SKILL", name),
 *                     "%s: too many reports wait; the oldest is dropped", name);
 * ]|
 */
void
daemon_journal_log (DaemonJournalEvent event, const char *const *fields, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* 32 hexadecimal digits; %NULL behind the last event. */
const char *daemon_journal_get_message_id (DaemonJournalEvent event);

G_END_DECLS

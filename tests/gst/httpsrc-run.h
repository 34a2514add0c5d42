/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/gst/player-gst-httpsrc.h"

#include "fault-server.h"

G_BEGIN_DECLS

#define HTTPSRC_FILE_BYTES 300000
#define HTTPSRC_LIMIT_US (30 * G_TIME_SPAN_SECOND)
/* What no call may take, and what it may if the machine is busy: those who hang do so for a minute. */
#define HTTPSRC_QUICK_US (100 * G_TIME_SPAN_MILLISECOND)
#define HTTPSRC_BUSY_US (2 * G_TIME_SPAN_SECOND)

/* A server on which lie the bytes "/data", each of which tells its place. */
typedef struct
{
  FaultServer *server;
  GBytes *data;
} HttpsrcFixture;

void httpsrc_setup (HttpsrcFixture *fixture, gconstpointer data);
/* Asserts that no fetch thread survives its source for long. */
void httpsrc_teardown (HttpsrcFixture *fixture, gconstpointer data);
GBytes *httpsrc_make_data (gsize size);

/* One run of seguehttpsrc ! fakesink, with short patience. */
typedef struct
{
  GstElement *pipeline; /* (owned) */
  GstElement *src;      /* (unowned) */
  GstElement *sink;     /* (unowned) */
  GByteArray *bytes;    /* (owned) what was rendered; the streaming thread's until EOS */
  gboolean eos;
  guint buffered;  /* messages */
  guint durations; /* messages */
  guint refused;   /* messages; http_status is theirs */
  gboolean cut;
  int error_type; /* -1 = none */
  guint http_status;
  GError *error; /* (owned) (nullable) */
} HttpsrcRun;

void httpsrc_run_init (HttpsrcRun *run, const char *url);
/* Asserts that the way to NULL is not waited for. */
void httpsrc_run_clear (HttpsrcRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HttpsrcRun, httpsrc_run_clear)

/* Asserts that it is not waited for. */
void httpsrc_run_set_state (HttpsrcRun *run, GstState state);
/* Reads messages until EOS, an error of the source, or the limit. */
void httpsrc_run_wait (HttpsrcRun *run, gint64 limit_us);
void httpsrc_run_assert_bytes (HttpsrcRun *run, GBytes *expected, gsize from);

G_END_DECLS

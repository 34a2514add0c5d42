/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>
#include <pulse/pulseaudio.h>

G_BEGIN_DECLS

/**
 * PlayerGstLibpulse:
 *
 * What of PulseAudio's client library is called. It brings twenty others with it, so that it is
 * loaded when a sound server is to be reached, and not with the program.
 */
#define PLAYER_GST_LIBPULSE_SYMBOLS(X)                                                             \
  X (context_connect)                                                                              \
  X (context_disconnect)                                                                           \
  X (context_errno)                                                                                \
  X (context_get_server_info)                                                                      \
  X (context_get_state)                                                                            \
  X (context_new_with_proplist)                                                                    \
  X (context_set_state_callback)                                                                   \
  X (context_unref)                                                                                \
  X (operation_cancel)                                                                             \
  X (operation_unref)                                                                              \
  X (proplist_free)                                                                                \
  X (proplist_new)                                                                                 \
  X (proplist_sets)                                                                                \
  X (stream_connect_playback)                                                                      \
  X (stream_cork)                                                                                  \
  X (stream_disconnect)                                                                            \
  X (stream_get_buffer_attr)                                                                       \
  X (stream_get_state)                                                                             \
  X (stream_get_time)                                                                              \
  X (stream_get_timing_info)                                                                       \
  X (stream_new_with_proplist)                                                                     \
  X (stream_set_state_callback)                                                                    \
  X (stream_set_write_callback)                                                                    \
  X (stream_unref)                                                                                 \
  X (stream_update_timing_info)                                                                    \
  X (stream_writable_size)                                                                         \
  X (stream_write)                                                                                 \
  X (strerror)                                                                                     \
  X (threaded_mainloop_free)                                                                       \
  X (threaded_mainloop_get_api)                                                                    \
  X (threaded_mainloop_lock)                                                                       \
  X (threaded_mainloop_new)                                                                        \
  X (threaded_mainloop_signal)                                                                     \
  X (threaded_mainloop_start)                                                                      \
  X (threaded_mainloop_stop)                                                                       \
  X (threaded_mainloop_unlock)                                                                     \
  X (threaded_mainloop_wait)

#define PLAYER_GST_LIBPULSE_MEMBER(name) __typeof__ (pa_##name) *name;

typedef struct
{
  PLAYER_GST_LIBPULSE_SYMBOLS (PLAYER_GST_LIBPULSE_MEMBER)
} PlayerGstLibpulse;

/* FALSE: it is not installed. It stays in memory once it has been loaded. */
gboolean player_gst_libpulse_load (PlayerGstLibpulse *self);

G_END_DECLS

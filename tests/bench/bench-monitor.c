/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <errno.h>
#include <pipewire/pipewire.h>
#include <spa/param/audio/format-utils.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* bench-monitor SINK RATE: what a sink of PipeWire's is given, on standard output, 16 bit stereo. Before
 * what each cycle of the graph brings stand 16 bytes: when it began, in ns of CLOCK_MONOTONIC, and
 * how many frames they are. */

typedef struct
{
  struct pw_main_loop *loop;
  struct pw_stream *stream;
} Monitor;

typedef struct
{
  int64_t time_ns;
  uint64_t frames;
} Head;

static void
write_all (Monitor *self, const void *data, size_t size)
{
  const char *bytes = data;

  while (size > 0)
    {
      const ssize_t n = write (STDOUT_FILENO, bytes, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          pw_main_loop_quit (self->loop);
          return;
        }
      bytes += n;
      size -= (size_t)n;
    }
}

/* In the thread of the data: the time belongs to what has come. */
static void
on_process (void *data)
{
  Monitor *self = data;
  struct pw_buffer *buffer = pw_stream_dequeue_buffer (self->stream);
  struct pw_time time;

  if (buffer == NULL)
    return;
  pw_stream_get_time_n (self->stream, &time, sizeof time);
  const struct spa_data *part = &buffer->buffer->datas[0];
  const Head head = { time.now, part->chunk->size / 4 };
  if (part->data != NULL)
    {
      write_all (self, &head, sizeof head);
      write_all (self, SPA_PTROFF (part->data, part->chunk->offset, void), head.frames * 4);
    }
  pw_stream_queue_buffer (self->stream, buffer);
}

static const struct pw_stream_events events = { PW_VERSION_STREAM_EVENTS, .process = on_process };

int
main (int argc, char **argv)
{
  uint8_t space[1024];
  struct spa_pod_builder builder = SPA_POD_BUILDER_INIT (space, sizeof space);
  Monitor self = { 0 };

  if (argc != 3)
    return EXIT_FAILURE;
  pw_init (NULL, NULL);
  self.loop = pw_main_loop_new (NULL);
  struct spa_audio_info_raw raw = { .format = SPA_AUDIO_FORMAT_S16_LE,
                                    .rate = (uint32_t)atoi (argv[2]),
                                    .channels = 2,
                                    .position = { SPA_AUDIO_CHANNEL_FL, SPA_AUDIO_CHANNEL_FR } };
  const struct spa_pod *params[]
      = { spa_format_audio_raw_build (&builder, SPA_PARAM_EnumFormat, &raw) };
  struct pw_properties *properties
      = pw_properties_new (PW_KEY_MEDIA_TYPE, "Audio", PW_KEY_MEDIA_CATEGORY, "Capture",
                           PW_KEY_STREAM_CAPTURE_SINK, "true", PW_KEY_TARGET_OBJECT, argv[1], NULL);
  self.stream = pw_stream_new_simple (pw_main_loop_get_loop (self.loop), "bench-monitor",
                                      properties, &events, &self);
  if (self.stream == NULL
      || pw_stream_connect (self.stream, PW_DIRECTION_INPUT, PW_ID_ANY,
                            PW_STREAM_FLAG_AUTOCONNECT | PW_STREAM_FLAG_MAP_BUFFERS
                                | PW_STREAM_FLAG_RT_PROCESS,
                            params, 1)
             < 0)
    return EXIT_FAILURE;
  pw_main_loop_run (self.loop);
  pw_stream_destroy (self.stream);
  pw_main_loop_destroy (self.loop);
  return EXIT_SUCCESS;
}

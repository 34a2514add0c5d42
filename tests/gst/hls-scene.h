/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "tests/gst/gst-rig.h"
#include "tests/gst/radio-server.h"

G_BEGIN_DECLS

/* HTTP Live Streaming (RFC 8216). The audio is one piece of noise in pieces; what is heard is compared
 * with it. AAC begins with up to two packets that are not in the noise. */

#define HLS_RATE 44100
#define HLS_PACKET 1024
#define HLS_SEGMENT_PACKETS 43
#define HLS_N_SEGMENTS 5
#define HLS_FRAMES (HLS_SEGMENT_PACKETS * HLS_N_SEGMENTS * HLS_PACKET)
#define HLS_MS (HLS_FRAMES * 1000LL / HLS_RATE)
#define HLS_LEAD_MAX (3 * HLS_PACKET)

typedef struct
{
  GMutex lock;
  GHashTable *documents; /* (element-type utf8 GBytes): path to what lies there, under the lock */
  GHashTable *faults;    /* (element-type utf8 utf8): path to a status; "once " before it */
  guint without_key;     /* requests for /private/ without the header, under the lock */
  guint window;          /* > 0: /live.m3u8 shows so many segments, one more with each request */
  guint n_live;          /* … which there have been so far */
  gboolean ended;        /* … and comes to an end */
  guint vanishes;        /* > 0: … and is not there any more from that request on */
  char signature;        /* not 0: of each URL, "?sig=a", that is not refused; under the lock */
  const char
      *expires; /* (nullable): asked for that, the signature is the next letter; under the lock */
  const char *kind; /* (nullable): a line of /live.m3u8 more, from which nothing goes away */
  const char *held; /* (nullable): whoever asks for that, or for /hang, waits for … */
  GCond released;   /* … this, under the lock */
  gboolean release;
} HlsOrigin;

typedef struct
{
  HlsOrigin origin;
  RadioServer *server; /* (owned) */
  GstRig *rig;         /* (owned) */
  GArray *noise;       /* (owned) (element-type guint32) */
} HlsScene;

/* How a scene is set up. */
#define HLS_REAL_TIME 1 /* at the pace of a sound card, not as fast as can be */
#define HLS_TLS 2       /* https, with a certificate of the CA that the engine is told to trust */
#define HLS_UNKNOWN 4   /* … that it knows nothing of */

void hls_add (const char *path, guint how, void (*test) (HlsScene *scene, gconstpointer data));

/* What lies at the URL that ends with @path; takes @bytes. */
void hls_put_bytes (HlsScene *scene, const char *path, GBytes *bytes);
void hls_put (HlsScene *scene, const char *path, const char *text);
/* @folder/vod.m3u8 and transport streams. */
void hls_put_ts (HlsScene *scene, const char *folder);
/* /0.aac, /1.aac …: ADTS packets, which may be cut between any two … */
void hls_put_adts (HlsScene *scene);
/* … and a playlist of /0.@extension … with the lines of @head. */
void hls_put_vod (HlsScene *scene, const char *path, const char *head, const char *extension);
/* /fmp4.m3u8 and its parts. */
void hls_put_fmp4 (HlsScene *scene);
/* /private/list.m3u8, its segments, encrypted, and their key; after hls_put_adts(). */
void hls_put_encrypted (HlsScene *scene);

/* (transfer full): a file that has been made among those of the rig. */
GBytes *hls_read_made (const char *name);

guint64 hls_load (HlsScene *scene, const char *path, gint64 offset_ms);
/* It may be renewed. */
guint64 hls_load_signed (HlsScene *scene, const char *path);
/* Who waits is answered. */
void hls_release (HlsScene *scene);
void hls_renew (HlsScene *scene, guint64 generation, const char *path);

/* (transfer full): what was heard, without the silences of underruns, which a busy machine may have. */
GArray *hls_dup_sounding (GstRig *rig);
/* Where in the noise lies what was heard at @at? -1: nowhere in between. */
gint hls_locate (GArray *heard, guint at, GArray *noise, gint from, gint to);
/* All of the noise was heard: its begin, its middle and its end lie at the same distance, but for
 * frames that an underrun has faded to nothing. */
void hls_assert_all_heard (HlsScene *scene);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "tests/gst/fault-server.h"
#include "tests/gst/gst-rig.h"

G_BEGIN_DECLS

/* An engine, and a server that has the files of the rig, and faults. */
typedef struct
{
  FaultServer *server;
  GstRig *rig;
} GstScene;

void gst_scene_init (GstScene *scene);
void gst_scene_clear (GstScene *scene);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GstScene, gst_scene_clear)

/* The first one is the current load, each other one the next. */
guint64 gst_scene_load (GstScene *scene, const char *path, gboolean renewable, gint64 offset_ms);
void gst_scene_renew (GstScene *scene, guint64 generation, const char *path);
/* @generation was heard from @from to its end, with one start and one end. */
void
gst_scene_assert_whole (GstScene *scene, guint64 generation, guint file, guint from, guint frames);

G_END_DECLS

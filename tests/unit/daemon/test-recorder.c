/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "test-recorder.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define SECTOR 512

typedef enum
{
  STEP_CREATE,
  STEP_WRITE,
  STEP_TRUNCATE,
  STEP_SYNC,
  STEP_DELETE,
  STEP_DELETE_SYNCED,
} StepType;

typedef struct
{
  StepType type;
  char *file; /* (owned): without its folder */
  gint64 offset;
  GBytes *data; /* (owned) (nullable) */
  guint n_marks;
} Step;

/* What the disk has of a file, and what is still on its way. */
typedef struct
{
  gboolean exists;
  GByteArray *contents; /* (owned) */
  GPtrArray *pending;   /* (owned) (element-type Step): not owned */
} Image;

struct _Recorder
{
  sqlite3_vfs vfs; /* must be the first */
  sqlite3_vfs *real;
  sqlite3_io_methods methods;
  gboolean recording;
  GPtrArray *steps;   /* (owned) */
  GPtrArray *marks;   /* (owned) (element-type utf8) */
  GHashTable *images; /* (owned) (element-type utf8 Image) */
  guint next;
};

typedef struct
{
  sqlite3_file base; /* must be the first */
  Recorder *recorder;
  char *name; /* (owned) */
  sqlite3_file *real;
} File;

static void
step_free (gpointer data)
{
  Step *step = data;
  g_free (step->file);
  g_clear_pointer (&step->data, g_bytes_unref);
  g_free (step);
}

static void
image_free (gpointer data)
{
  Image *image = data;
  g_byte_array_unref (image->contents);
  g_ptr_array_unref (image->pending);
  g_free (image);
}

static void
record (Recorder *self, StepType type, const char *file, gint64 offset, GBytes *data)
{
  if (!self->recording)
    return;
  Step *step = g_new0 (Step, 1);
  step->type = type;
  step->file = g_path_get_basename (file);
  step->offset = offset;
  step->data = data != NULL ? g_bytes_ref (data) : NULL;
  step->n_marks = self->marks->len;
  g_ptr_array_add (self->steps, step);
}

/* --- The VFS ---------------------------------------------------------------------------------- */

static int
file_close (sqlite3_file *base)
{
  File *file = (File *)base;
  int result = file->real->pMethods->xClose (file->real);
  g_free (file->name);
  return result;
}

static int
file_read (sqlite3_file *base, void *data, int size, sqlite3_int64 offset)
{
  File *file = (File *)base;
  return file->real->pMethods->xRead (file->real, data, size, offset);
}

static int
file_write (sqlite3_file *base, const void *data, int size, sqlite3_int64 offset)
{
  File *file = (File *)base;
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  record (file->recorder, STEP_WRITE, file->name, offset, bytes);
  return file->real->pMethods->xWrite (file->real, data, size, offset);
}

static int
file_truncate (sqlite3_file *base, sqlite3_int64 size)
{
  File *file = (File *)base;
  record (file->recorder, STEP_TRUNCATE, file->name, size, NULL);
  return file->real->pMethods->xTruncate (file->real, size);
}

static int
file_sync (sqlite3_file *base, int flags)
{
  File *file = (File *)base;
  record (file->recorder, STEP_SYNC, file->name, 0, NULL);
  return SQLITE_OK; /* the disk of the test need not be waited for */
}

static int
file_get_size (sqlite3_file *base, sqlite3_int64 *size)
{
  File *file = (File *)base;
  return file->real->pMethods->xFileSize (file->real, size);
}

static int
file_lock (sqlite3_file *base, int lock)
{
  File *file = (File *)base;
  return file->real->pMethods->xLock (file->real, lock);
}

static int
file_unlock (sqlite3_file *base, int lock)
{
  File *file = (File *)base;
  return file->real->pMethods->xUnlock (file->real, lock);
}

static int
file_check_lock (sqlite3_file *base, int *result)
{
  File *file = (File *)base;
  return file->real->pMethods->xCheckReservedLock (file->real, result);
}

static int
file_control (sqlite3_file *base, int op, void *argument)
{
  File *file = (File *)base;
  return file->real->pMethods->xFileControl (file->real, op, argument);
}

static int
file_get_sector_size (sqlite3_file *base)
{
  File *file = (File *)base;
  return file->real->pMethods->xSectorSize (file->real);
}

static int
file_get_characteristics (sqlite3_file *base)
{
  File *file = (File *)base;
  return file->real->pMethods->xDeviceCharacteristics (file->real);
}

static int
vfs_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out_flags)
{
  Recorder *self = (Recorder *)vfs;
  File *file = (File *)base;
  memset (file, 0, sizeof *file);
  file->real = (sqlite3_file *)(file + 1);
  gboolean is_new = name != NULL && !g_file_test (name, G_FILE_TEST_EXISTS);
  int result = self->real->xOpen (self->real, name, file->real, flags, out_flags);
  if (result != SQLITE_OK)
    return result;
  file->recorder = self;
  file->name = g_strdup (name != NULL ? name : "temporary");
  file->base.pMethods = &self->methods;
  if (is_new)
    record (self, STEP_CREATE, name, 0, NULL);
  return SQLITE_OK;
}

static int
vfs_delete (sqlite3_vfs *vfs, const char *name, int sync_dir)
{
  Recorder *self = (Recorder *)vfs;
  record (self, sync_dir ? STEP_DELETE_SYNCED : STEP_DELETE, name, 0, NULL);
  return self->real->xDelete (self->real, name, 0);
}

Recorder *
recorder_start (void)
{
  Recorder *self = g_new0 (Recorder, 1);
  self->real = sqlite3_vfs_find ("unix");
  self->vfs = *self->real; /* what only asks goes to it */
  self->vfs.zName = "recorder";
  self->vfs.szOsFile = sizeof (File) + self->real->szOsFile;
  self->vfs.xOpen = vfs_open;
  self->vfs.xDelete = vfs_delete;
  /* Version 1: no shared memory, no maps; a database locked for one process needs neither. */
  self->methods = (sqlite3_io_methods){
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_get_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_get_sector_size,
    .xDeviceCharacteristics = file_get_characteristics,
  };
  self->steps = g_ptr_array_new_with_free_func (step_free);
  self->marks = g_ptr_array_new_with_free_func (g_free);
  self->images = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, image_free);
  self->recording = TRUE;
  g_assert_cmpint (sqlite3_vfs_register (&self->vfs, 1), ==, SQLITE_OK);
  return self;
}

void
recorder_stop (Recorder *self)
{
  self->recording = FALSE;
}

void
recorder_free (Recorder *self)
{
  sqlite3_vfs_unregister (&self->vfs);
  g_ptr_array_unref (self->steps);
  g_ptr_array_unref (self->marks);
  g_hash_table_unref (self->images);
  g_free (self);
}

void
recorder_mark (Recorder *self, const char *state)
{
  g_ptr_array_add (self->marks, g_strdup (state));
}

guint
recorder_get_n_steps (Recorder *self)
{
  return self->steps->len;
}

guint
recorder_get_n_marks (Recorder *self, guint step)
{
  return step < self->steps->len ? ((Step *)g_ptr_array_index (self->steps, step))->n_marks
                                 : self->marks->len;
}

const char *
recorder_get_mark (Recorder *self, guint n)
{
  g_assert_cmpuint (n, <, self->marks->len);
  return g_ptr_array_index (self->marks, n);
}

/* --- What the disk has ------------------------------------------------------------------------ */

static void
resize (GByteArray *contents, gsize size)
{
  gsize before = contents->len;
  g_byte_array_set_size (contents, size);
  if (size > before)
    memset (contents->data + before, 0, size - before);
}

/* @part: bytes of a write that have come through, from its begin on. */
static void
apply (Image *image, const Step *step, gsize part)
{
  switch (step->type)
    {
    case STEP_CREATE:
      image->exists = TRUE;
      resize (image->contents, 0);
      break;
    case STEP_DELETE:
    case STEP_DELETE_SYNCED:
      image->exists = FALSE;
      resize (image->contents, 0);
      break;
    case STEP_TRUNCATE:
      resize (image->contents, step->offset);
      break;
    case STEP_WRITE:
      if (image->contents->len < step->offset + part)
        resize (image->contents, step->offset + part);
      memcpy (image->contents->data + step->offset, g_bytes_get_data (step->data, NULL), part);
      break;
    case STEP_SYNC:
      break;
    }
}

static void
apply_whole (Image *image, const Step *step)
{
  apply (image, step, step->data != NULL ? g_bytes_get_size (step->data) : 0);
}

gboolean
recorder_next (Recorder *self)
{
  if (self->next >= self->steps->len)
    return FALSE;
  Step *step = g_ptr_array_index (self->steps, self->next++);
  Image *image = g_hash_table_lookup (self->images, step->file);
  if (image == NULL)
    {
      image = g_new0 (Image, 1);
      image->contents = g_byte_array_new ();
      image->pending = g_ptr_array_new ();
      g_hash_table_insert (self->images, g_strdup (step->file), image);
    }
  g_ptr_array_add (image->pending, step);
  if (step->type != STEP_SYNC && step->type != STEP_DELETE_SYNCED)
    return TRUE;
  for (guint i = 0; i < image->pending->len; i++)
    apply_whole (image, g_ptr_array_index (image->pending, i));
  g_ptr_array_set_size (image->pending, 0);
  return TRUE;
}

/* Another file by the same name is there only if the deletion came through, too. */
static void
apply_some (Image *image, const GPtrArray *pending, GRand *random)
{
  guint torn = pending->len > 0 ? g_rand_int_range (random, 0, pending->len) : 0;
  for (guint i = 0; i < pending->len; i++)
    {
      const Step *step = g_ptr_array_index (pending, i);
      gboolean comes = g_rand_boolean (random);
      if (!comes && (step->type == STEP_DELETE || step->type == STEP_CREATE))
        return;
      if (!comes)
        continue;
      gsize size = step->data != NULL ? g_bytes_get_size (step->data) : 0;
      if (i == torn && size > SECTOR)
        size = SECTOR * g_rand_int_range (random, 1, size / SECTOR + 1);
      apply (image, step, size);
    }
}

void
recorder_materialise (Recorder *self, const char *dir, RecorderLoss loss, GRand *random)
{
  GHashTableIter iter;
  gpointer name = NULL;
  gpointer value = NULL;
  g_hash_table_iter_init (&iter, self->images);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      const Image *disk = value;
      g_autofree char *path = g_build_filename (dir, name, NULL);
      Image image = { disk->exists, g_byte_array_new (), NULL };
      g_byte_array_append (image.contents, disk->contents->data, disk->contents->len);
      if (loss == RECORDER_LOSS_SOME)
        apply_some (&image, disk->pending, random);
      for (guint i = 0; loss == RECORDER_LOSS_NONE && i < disk->pending->len; i++)
        apply_whole (&image, g_ptr_array_index (disk->pending, i));
      g_unlink (path);
      if (image.exists)
        {
          g_autoptr (GError) error = NULL;
          g_file_set_contents_full (path, (const char *)image.contents->data, image.contents->len,
                                    G_FILE_SET_CONTENTS_NONE, 0600, &error);
          g_assert_no_error (error);
        }
      g_byte_array_unref (image.contents);
    }
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-file-set.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Others may come in: what they must not read says so itself. */
#define FOLDER_MODE 0755

typedef struct
{
  char *name;    /* (owned) */
  GBytes *bytes; /* (owned) */
  int mode;
  char *path;   /* (owned) (nullable): its place */
  char *fresh;  /* (owned) (nullable): written beside it, not yet in its place */
  char *former; /* (owned) (nullable): a second name of what stood there before */
  gboolean placed;
} Member;

struct _CtlFileSet
{
  GPtrArray *members; /* (owned) (element-type Member) */
};

static void
member_free (Member *member)
{
  g_free (member->name);
  g_bytes_unref (member->bytes);
  g_free (member->path);
  g_free (member->fresh);
  g_free (member->former);
  g_free (member);
}

CtlFileSet *
ctl_file_set_new (void)
{
  CtlFileSet *self = g_new0 (CtlFileSet, 1);
  self->members = g_ptr_array_new_with_free_func ((GDestroyNotify)member_free);
  return self;
}

void
ctl_file_set_free (CtlFileSet *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->members);
  g_free (self);
}

void
ctl_file_set_add (CtlFileSet *self, const char *name, GBytes *bytes, int mode)
{
  Member *member = g_new0 (Member, 1);
  member->name = g_strdup (name);
  member->bytes = g_bytes_ref (bytes);
  member->mode = mode;
  g_ptr_array_add (self->members, member);
}

static gboolean
fail (GError **error, int code, const char *what, const char *path)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s %s: %s", what, path,
               g_strerror (code));
  return FALSE;
}

static gboolean
write_whole (int fd, GBytes *bytes)
{
  gsize size = 0;
  const char *data = g_bytes_get_data (bytes, &size);
  while (size > 0)
    {
      gssize n = write (fd, data, size);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      data += n;
      size -= n;
    }
  return fsync (fd) == 0;
}

/* mkstemp() makes it 0600, so that a key is never open to others. */
static gboolean
write_beside (Member *member, const char *folder, GError **error)
{
  g_autofree char *hidden = g_strdup_printf (".%s.XXXXXX", member->name);
  member->path = g_build_filename (folder, member->name, NULL);
  g_autofree char *path = g_build_filename (folder, hidden, NULL);
  int fd = g_mkstemp (path);
  if (fd < 0)
    return fail (error, errno, "cannot write into", folder);
  member->fresh = g_steal_pointer (&path);
  gboolean written = fchmod (fd, member->mode) == 0 && write_whole (fd, member->bytes);
  int code = errno;
  if (close (fd) == 0 && written)
    return TRUE;
  return fail (error, written ? errno : code, "cannot write", member->path);
}

/* link() does not replace what has come meanwhile. */
static gboolean
place (Member *member, gboolean replace, GError **error)
{
  if (replace)
    {
      g_autofree char *former = g_strconcat (member->fresh, ".old", NULL);
      if (link (member->path, former) == 0)
        member->former = g_steal_pointer (&former);
      if (g_rename (member->fresh, member->path) != 0)
        return fail (error, errno, "cannot replace", member->path);
      g_clear_pointer (&member->fresh, g_free);
    }
  else if (link (member->fresh, member->path) != 0)
    return fail (error, errno, "cannot make", member->path);
  member->placed = TRUE;
  return TRUE;
}

static void
take_back (Member *member)
{
  if (member->placed && member->former != NULL && g_rename (member->former, member->path) == 0)
    g_clear_pointer (&member->former, g_free);
  else if (member->placed && member->former == NULL)
    g_unlink (member->path);
}

static void
tidy_up (Member *member)
{
  if (member->fresh != NULL)
    g_unlink (member->fresh);
  if (member->former != NULL)
    g_unlink (member->former);
}

static gboolean
place_all (CtlFileSet *self, const char *folder, gboolean replace, GError **error)
{
  for (guint i = 0; i < self->members->len; i++)
    if (!write_beside (g_ptr_array_index (self->members, i), folder, error))
      return FALSE;
  for (guint i = 0; i < self->members->len; i++)
    if (!place (g_ptr_array_index (self->members, i), replace, error))
      return FALSE;
  return TRUE;
}

gboolean
ctl_file_set_write (CtlFileSet *self, const char *folder, gboolean replace, GError **error)
{
  if (g_mkdir_with_parents (folder, FOLDER_MODE) != 0)
    return fail (error, errno, "cannot make the folder", folder);
  gboolean done = place_all (self, folder, replace, error);
  for (guint i = 0; i < self->members->len; i++)
    {
      Member *member = g_ptr_array_index (self->members, i);
      if (!done)
        take_back (member);
      tidy_up (member);
    }
  return done;
}

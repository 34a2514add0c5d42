/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CtlFileSet:
 *
 * Files that belong together: all of them come into being, or none.
 */
typedef struct _CtlFileSet CtlFileSet;

CtlFileSet *ctl_file_set_new (void);
void ctl_file_set_free (CtlFileSet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlFileSet, ctl_file_set_free)

/* @name: without a folder; @mode: permissions, whatever the umask is. */
void ctl_file_set_add (CtlFileSet *self, const char *name, GBytes *bytes, int mode);

/**
 * ctl_file_set_write:
 * @folder: made if it is not there
 * @replace: whether files of these names may be there already; if not, %G_IO_ERROR_EXISTS
 * @error: #GIOErrorEnum
 *
 * Writes all files beside their places first. If one cannot be put in its place, those that stood
 * there before stand there again.
 */
gboolean
ctl_file_set_write (CtlFileSet *self, const char *folder, gboolean replace, GError **error);

G_END_DECLS

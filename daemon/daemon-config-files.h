/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * daemon_config_files_list:
 * @vendor: path of the vendor's file
 * @folder: holds segue.conf and segue.conf.d
 *
 * Returns: (transfer full) (element-type filename): those that exist, the weakest first: @vendor,
 *   segue.conf, segue.conf.d/\*.conf by name
 */
GPtrArray *daemon_config_files_list (const char *vendor,
                                     const char *folder) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

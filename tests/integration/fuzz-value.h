/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FuzzValues:
 *
 * Values for calls on the bus, at random, as nasty as their type allows. The same seed gives the same
 * values.
 */
typedef struct
{
  GRand *rand;      /* (owned) */
  GPtrArray *words; /* (owned) (element-type utf8): words that mean something, added by the test */
  char *huge;       /* (owned): a text of 1 MB */
} FuzzValues;

FuzzValues *fuzz_values_new (guint32 seed);
void fuzz_values_free (FuzzValues *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FuzzValues, fuzz_values_free)

/* Whether one case in @times comes true. */
gboolean fuzz_values_once_in (FuzzValues *self, guint times);
guint fuzz_values_below (FuzzValues *self, guint limit);
/* (transfer floating): a value of @type */
GVariant *fuzz_values_make (FuzzValues *self, const GVariantType *type);
/* (transfer floating): a tuple of anything */
GVariant *fuzz_values_make_any (FuzzValues *self);

G_END_DECLS

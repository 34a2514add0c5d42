/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa-json.h"

G_BEGIN_DECLS

/* The words of RFC 8259, without a tree; private to alexa/. Every function that fails has set the
 * error, with the place. */
typedef struct
{
  const guint8 *start;
  const guint8 *p;
  const guint8 *end;
  guint depth;
  const char *raw_member;  /* (nullable) of the root: kept as it came */
  const guint8 *raw_start; /* (nullable) */
  const guint8 *raw_end;   /* (nullable) */
  GString *text;           /* (owned): the last string */
  AlexaJsonLoss *loss;
  GError **error;
} AlexaJsonReader;

/* Always FALSE. */
gboolean alexa_json_reader_fail (AlexaJsonReader *self,
                                 const guint8 *at,
                                 AlexaJsonError code,
                                 const char *format,
                                 ...) G_GNUC_PRINTF (4, 5);
gboolean alexa_json_reader_fail_unexpected (AlexaJsonReader *self, const char *expected);

/* Counts characters and lines before @at, both from 1. */
void
alexa_json_reader_place (const AlexaJsonReader *self, const guint8 *at, guint *line, guint *column);

/* Whether the rest is one document's encoding: UTF-8 without NUL. Steps over a BOM. */
gboolean alexa_json_reader_start (AlexaJsonReader *self);

void alexa_json_reader_skip_space (AlexaJsonReader *self);

/* Steps over @literal if it is what comes next. */
gboolean alexa_json_reader_take (AlexaJsonReader *self, const char *literal);

/* At the opening quote; puts the unescaped text into @text. */
gboolean alexa_json_reader_read_string (AlexaJsonReader *self);

gboolean alexa_json_reader_skip_number (AlexaJsonReader *self, gboolean *is_integer);

/* At '{' or '['; FALSE if that is too deep. */
gboolean alexa_json_reader_descend (AlexaJsonReader *self);

/* Steps over a whole value, checked like any other, but for member names given twice. */
gboolean alexa_json_reader_skip_value (AlexaJsonReader *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa-ssml.h"

G_BEGIN_DECLS

/* The parts of the SSML reader; private to alexa/. */

#define ALEXA_SSML_MAX_BYTES (128 * 1024)
#define ALEXA_SSML_MAX_DEPTH 32
#define ALEXA_SSML_MAX_ATTRIBUTES 4

/* What may stand inside an element. */
typedef enum
{
  ALEXA_SSML_CONTENT_ALL,
  ALEXA_SSML_CONTENT_PARAGRAPH, /* no paragraph */
  ALEXA_SSML_CONTENT_SENTENCE,  /* no paragraph, no sentence */
  ALEXA_SSML_CONTENT_TEXT,      /* no elements */
  ALEXA_SSML_CONTENT_EMPTY,
} AlexaSsmlContent;

/**
 * AlexaSsmlMapped:
 * @start, @end: (owned) (nullable): what is written for the element's tags; %NULL: nothing
 * @language: (owned) (nullable): the language of the words within, if the element changes it
 * @replacement: (owned) (nullable): what is said in place of the words within
 * @is_mute: the words within are not said
 *
 * An element of the service turned into W3C SSML.
 */
typedef struct
{
  char *start;
  const char *end; /* static */
  char *language;
  char *replacement;
  gboolean is_mute;
} AlexaSsmlMapped;

/* Where what is odd, but no fault, goes. */
typedef struct
{
  const char *path;
  GPtrArray *findings; /* (element-type AlexaFinding) */
} AlexaSsmlNotes;

typedef gboolean (*AlexaSsmlCheck) (const char *value);
typedef void (*AlexaSsmlMap) (const char *const *values,
                              AlexaSsmlMapped *mapped,
                              AlexaSsmlNotes *notes);

/* @values (nullable) or @check (nullable): what is allowed; everything if neither is given. */
typedef struct
{
  const char *name;
  gboolean is_required;
  const char *const *values;
  AlexaSsmlCheck check;
  const char *expected;
} AlexaSsmlAttribute;

/* @map (nullable): gets the values in the order of @attributes, %NULL where one is absent. */
typedef struct
{
  const char *name;
  AlexaSsmlContent content;
  AlexaSsmlAttribute attributes[ALEXA_SSML_MAX_ATTRIBUTES];
  AlexaSsmlMap map;
} AlexaSsmlElement;

/* NULL if the service does not know it */
const AlexaSsmlElement *alexa_ssml_element_find (const char *name);
gboolean alexa_ssml_element_is (const AlexaSsmlElement *self, const char *name);

/* The reason, or NULL if @child may stand in @self; (transfer full) */
char *alexa_ssml_element_refuses (const AlexaSsmlElement *self, const AlexaSsmlElement *child);

/* Puts the attributes in the order of the table into @values, of %ALEXA_SSML_MAX_ATTRIBUTES. The
 * reason if one is not allowed, or NULL; (transfer full) */
char *alexa_ssml_element_read (const AlexaSsmlElement *self,
                               const char *const *names,
                               const char *const *texts,
                               const char **values);

/* Times as "300ms" and "1.5s"; FALSE if @text is none. Cut at an hour. */
gboolean alexa_ssml_parse_time (const char *text, guint *duration_ms);

/* How long a break of @strength (nullable: "medium") is. */
guint alexa_ssml_strength_to_ms (const char *strength);

/* The maps of the elements that are no copy of W3C SSML, see #AlexaSsmlMap. */
void alexa_ssml_map_emphasis (const char *const *, AlexaSsmlMapped *, AlexaSsmlNotes *);
void alexa_ssml_map_prosody (const char *const *, AlexaSsmlMapped *, AlexaSsmlNotes *);
void alexa_ssml_map_say_as (const char *const *, AlexaSsmlMapped *, AlexaSsmlNotes *);
void alexa_ssml_map_voice (const char *const *, AlexaSsmlMapped *, AlexaSsmlNotes *);
void alexa_ssml_map_lang (const char *const *, AlexaSsmlMapped *, AlexaSsmlNotes *);
void alexa_ssml_map_sub (const char *const *, AlexaSsmlMapped *, AlexaSsmlNotes *);
void alexa_ssml_map_phoneme (const char *const *, AlexaSsmlMapped *, AlexaSsmlNotes *);
void alexa_ssml_map_effect (const char *const *, AlexaSsmlMapped *, AlexaSsmlNotes *);
void alexa_ssml_map_emotion (const char *const *, AlexaSsmlMapped *, AlexaSsmlNotes *);
void alexa_ssml_map_paragraph (const char *const *, AlexaSsmlMapped *, AlexaSsmlNotes *);
void alexa_ssml_map_sentence (const char *const *, AlexaSsmlMapped *, AlexaSsmlNotes *);
void alexa_ssml_map_name (const char *const *, AlexaSsmlMapped *, AlexaSsmlNotes *);

/* The checks of attribute values, see #AlexaSsmlCheck. */
gboolean alexa_ssml_check_rate (const char *value);
gboolean alexa_ssml_check_pitch (const char *value);
gboolean alexa_ssml_check_volume (const char *value);

/**
 * alexa_ssml_scan:
 * @ssml: UTF-8
 * @tags: (element-type utf8): takes where each start tag begins, in order
 *
 * Refuses what GMarkup lets through or tells without a column: document types, instructions, wrong
 * entities, characters that are none of XML, a < in an attribute.
 */
gboolean alexa_ssml_scan (const char *ssml, GPtrArray *tags, GError **error);

/* Sets the error with line and column (in characters, from 1) of @at. Always returns FALSE. */
gboolean alexa_ssml_fail (
    GError **error, AlexaSsmlError code, const char *ssml, const char *at, const char *format, ...)
    G_GNUC_PRINTF (5, 6);

/* Whether XML may hold the character. */
gboolean alexa_ssml_is_char (gunichar c);

/* The character of the entity at @p ("&amp;", "&#65;"...) and where it ends, or 0. */
gunichar alexa_ssml_read_entity (const char *p, const char **end);

/* Appends @text (@length: -1 for all) so that XML reads it back; what XML cannot hold becomes a
 * space. */
void alexa_ssml_append_escaped (GString *out, const char *text, gssize length);

/**
 * AlexaSsmlWriter:
 *
 * Gathers the parts: documents in which every element that is open is opened anew.
 */
typedef struct _AlexaSsmlWriter AlexaSsmlWriter;
AlexaSsmlWriter *alexa_ssml_writer_new (void);
void alexa_ssml_writer_free (AlexaSsmlWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaSsmlWriter, alexa_ssml_writer_free)

/* @mapped: (transfer full): its members move into the writer. */
void alexa_ssml_writer_open (AlexaSsmlWriter *self, AlexaSsmlMapped *mapped);
void alexa_ssml_writer_close (AlexaSsmlWriter *self);
void alexa_ssml_writer_text (AlexaSsmlWriter *self, const char *text, gssize length);
/* @part: (transfer full) */
void alexa_ssml_writer_add (AlexaSsmlWriter *self, PlayerSpeechPart *part);
/* @is_cut: (out): the parts became far too long together, and some are missing
 * (transfer full) (element-type PlayerSpeechPart) */
GPtrArray *alexa_ssml_writer_finish (AlexaSsmlWriter *self, gboolean *is_cut);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-diagnosis.h"

G_BEGIN_DECLS

/**
 * DaemonVerdict:
 * @DAEMON_VERDICT_OK: as it should be
 * @DAEMON_VERDICT_NOTICE: worth knowing; it keeps nobody from hearing anything
 * @DAEMON_VERDICT_PROBLEM: something will not be heard, or be lost
 */
typedef enum
{
  DAEMON_VERDICT_OK,
  DAEMON_VERDICT_NOTICE,
  DAEMON_VERDICT_PROBLEM,
} DaemonVerdict;

/* A row of the result. */
typedef struct
{
  char *check;   /* (owned): "output", "decoder" … */
  char *subject; /* (owned): which one, "" if there is one only */
  DaemonVerdict verdict;
  char *text;         /* (owned) */
  const char *remedy; /* what to do, "" for nothing */
} DaemonSymptom;

/* (transfer full) (element-type DaemonSymptom) */
GPtrArray *daemon_symptoms_new (void);
/* @remedy: (nullable): static */
void daemon_symptoms_add (GPtrArray *self,
                          const char *check,
                          const char *subject,
                          DaemonVerdict verdict,
                          const char *remedy,
                          const char *format,
                          ...) G_GNUC_PRINTF (6, 7);

/**
 * DaemonStep:
 *
 * One check of a run, which ends by daemon_step_end(), or is told as late. What comes after that is
 * dropped. Each reference is the check's own.
 */
typedef struct
{
  gatomicrefcount ref_count;
  struct _DaemonDiagnosis *run; /* (nullable): until it is over */
  char *check;                  /* (owned) */
  char *subject;                /* (owned) */
  const char *late;             /* what it means if it does not end in time */
  const char *late_remedy;
  GPtrArray *symptoms; /* (owned) (element-type DaemonSymptom) */
} DaemonStep;

typedef struct _DaemonDiagnosis DaemonDiagnosis;
struct _DaemonDiagnosis
{
  DaemonContext *context;    /* (owned) */
  GCancellable *cancellable; /* (owned): the time is up */
  GPtrArray *steps;          /* (owned) (element-type DaemonStep) in the order of the result */
  guint pending;
  guint alarm;
  GTask *task; /* (owned) */
};

/* Begins a check. (transfer full) */
DaemonStep *daemon_step_begin (DaemonDiagnosis *run,
                               const char *check,
                               const char *subject,
                               const char *late,
                               const char *late_remedy);
/* (transfer full) @self: what is in its symptoms is the result. */
void daemon_step_end (DaemonStep *self);
void daemon_step_unref (DaemonStep *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonStep, daemon_step_unref)

/* In a thread; adds to @symptoms. */
typedef void (*DaemonStepFunc) (GPtrArray *symptoms, gpointer data);

/* (transfer full) @self: ends it with what @func finds out in a thread. @data: freed by @free. */
void daemon_step_run_in_thread (DaemonStep *self,
                                DaemonStepFunc func,
                                gpointer data,
                                GDestroyNotify free);

/* The checks. Each begins its steps and returns. */
void daemon_diagnosis_output (DaemonDiagnosis *run);
void daemon_diagnosis_formats (DaemonDiagnosis *run);
void daemon_diagnosis_clock (DaemonDiagnosis *run);
void daemon_diagnosis_hosts (DaemonDiagnosis *run, DaemonSkills *skills);
void daemon_diagnosis_files (DaemonDiagnosis *run);
void daemon_diagnosis_speech (DaemonDiagnosis *run);

/* Why no sound server and no card can be used, one symptom for each way. Blocks.
 * @dev: "/dev/snd"; @proc: "/proc" */
void daemon_diagnosis_sound (GPtrArray *symptoms, const char *dev, const char *proc);

G_END_DECLS

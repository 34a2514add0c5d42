/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-diagnosis-private.h"

#include "daemon-log.h"

/* --- What is found out -------------------------------------------------------------------------
 */

static void
symptom_free (gpointer data)
{
  DaemonSymptom *self = data;
  g_free (self->check);
  g_free (self->subject);
  g_free (self->text);
  g_free (self);
}

GPtrArray *
daemon_symptoms_new (void)
{
  return g_ptr_array_new_with_free_func (symptom_free);
}

/* What it says comes from libraries, servers and sinks: URLs in it are redacted. */
void
daemon_symptoms_add (GPtrArray *self,
                     const char *check,
                     const char *subject,
                     DaemonVerdict verdict,
                     const char *remedy,
                     const char *format,
                     ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *raw = g_strdup_vprintf (format, args);
  va_end (args);
  g_autofree char *valid = g_utf8_make_valid (raw, -1);
  DaemonSymptom *symptom = g_new0 (DaemonSymptom, 1);
  symptom->check = g_strdup (check);
  symptom->subject = daemon_log_redact_text (subject);
  symptom->verdict = verdict;
  symptom->text = daemon_log_redact_text (valid);
  symptom->remedy = remedy != NULL ? remedy : "";
  g_ptr_array_add (self, symptom);
}

static void
add_rows (GVariantBuilder *rows, GPtrArray *symptoms)
{
  static const char *const verdicts[] = { "ok", "notice", "problem" };
  for (guint i = 0; i < symptoms->len; i++)
    {
      const DaemonSymptom *symptom = g_ptr_array_index (symptoms, i);
      g_variant_builder_add (rows, "(sssss)", symptom->check, symptom->subject,
                             verdicts[symptom->verdict], symptom->text, symptom->remedy);
    }
}

/* --- Steps -------------------------------------------------------------------------------------
 */

static DaemonStep *
step_ref (DaemonStep *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
daemon_step_unref (DaemonStep *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->symptoms);
  g_free (self->check);
  g_free (self->subject);
  g_free (self);
}

DaemonStep *
daemon_step_begin (DaemonDiagnosis *run,
                   const char *check,
                   const char *subject,
                   const char *late,
                   const char *late_remedy)
{
  DaemonStep *self = g_new0 (DaemonStep, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->run = run;
  self->check = g_strdup (check);
  self->subject = g_strdup (subject);
  self->late = late;
  self->late_remedy = late_remedy;
  self->symptoms = daemon_symptoms_new ();
  g_ptr_array_add (run->steps, step_ref (self));
  run->pending++;
  return self;
}

static void
diagnosis_free (DaemonDiagnosis *self)
{
  player_clock_remove_alarm (self->context->clock, self->alarm);
  g_ptr_array_unref (self->steps);
  g_object_unref (self->cancellable);
  g_object_unref (self->task);
  daemon_context_unref (self->context);
  g_free (self);
}

/* All have ended, or the time is up. */
static void
conclude (DaemonDiagnosis *self)
{
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(sssss)"));
  for (guint i = 0; i < self->steps->len; i++)
    {
      DaemonStep *step = g_ptr_array_index (self->steps, i);
      if (step->run != NULL)
        {
          g_ptr_array_set_size (step->symptoms, 0);
          daemon_symptoms_add (step->symptoms, step->check, step->subject, DAEMON_VERDICT_PROBLEM,
                               step->late_remedy, "%s", step->late);
        }
      step->run = NULL;
      add_rows (&rows, step->symptoms);
    }
  g_cancellable_cancel (self->cancellable);
  g_task_return_pointer (self->task, g_variant_ref_sink (g_variant_builder_end (&rows)),
                         (GDestroyNotify)g_variant_unref);
  diagnosis_free (self);
}

void
daemon_step_end (DaemonStep *self)
{
  g_autoptr (DaemonStep) owned = self;
  DaemonDiagnosis *run = self->run;
  if (run == NULL)
    return;
  self->run = NULL;
  if (--run->pending == 0)
    conclude (run);
}

/* --- Threads ---------------------------------------------------------------------------------- */

typedef struct
{
  DaemonStepFunc func;
  gpointer data;
  GDestroyNotify free;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;
  if (work->free != NULL)
    work->free (work->data);
  g_free (work);
}

static void
run_work (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Work *work = task_data;
  GPtrArray *symptoms = daemon_symptoms_new ();
  work->func (symptoms, work->data);
  g_task_return_pointer (task, symptoms, (GDestroyNotify)g_ptr_array_unref);
}

static void
on_work_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  DaemonStep *self = user_data;
  g_autoptr (GPtrArray) symptoms = g_task_propagate_pointer (G_TASK (result), NULL);
  if (self->run != NULL && symptoms != NULL)
    {
      g_ptr_array_unref (self->symptoms);
      self->symptoms = g_steal_pointer (&symptoms);
    }
  daemon_step_end (self);
}

void
daemon_step_run_in_thread (DaemonStep *self,
                           DaemonStepFunc func,
                           gpointer data,
                           GDestroyNotify free)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_work_done, self);
  Work *work = g_new0 (Work, 1);
  work->func = func;
  work->data = data;
  work->free = free;
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, run_work);
}

/* --- The run -----------------------------------------------------------------------------------
 */

static void
on_late (gpointer user_data)
{
  DaemonDiagnosis *self = user_data;
  self->alarm = 0;
  conclude (self);
}

void
daemon_diagnosis_run (DaemonContext *context,
                      DaemonSkills *skills,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_return_if_fail (context != NULL && DAEMON_IS_SKILLS (skills));
  DaemonDiagnosis *self = g_new0 (DaemonDiagnosis, 1);
  self->context = daemon_context_ref (context);
  self->cancellable = g_cancellable_new ();
  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify)daemon_step_unref);
  self->task = g_task_new (NULL, NULL, callback, user_data);
  self->alarm = player_clock_add_alarm (context->clock, DAEMON_DIAGNOSIS_LIMIT_MS, on_late, self);

  /* the run ends with the last step, which this keeps from being one of the checks */
  DaemonStep *all = daemon_step_begin (self, "", "", "", NULL);
  daemon_diagnosis_output (self);
  daemon_diagnosis_formats (self);
  daemon_diagnosis_speech (self);
  daemon_diagnosis_clock (self);
  daemon_diagnosis_hosts (self, skills);
  daemon_diagnosis_files (self);
  daemon_step_end (all);
}

GVariant *
daemon_diagnosis_finish (GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

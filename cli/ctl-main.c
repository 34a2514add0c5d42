/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "config.h"

#include <locale.h>

#include "ctl-commands.h"

static const CtlCommand commands[] = {
  { "status", "", "what plays, and where it stands",
    "Example:\n"
    "  seguectl status --json | jq .token\n",
    ctl_run_status, FALSE },
  { "launch", "[SKILL|URL]", "open a skill, as \"Alexa, open …\" would",
    "SKILL is the name of a [skill NAME] group of segue.conf(5); URL the address of a skill (plain "
    "http\n"
    "on this machine only). Without either: the skill in session, else the one that played last, "
    "else\n"
    "the only one configured.\n\n"
    "Examples:\n"
    "  seguectl launch radio\n"
    "  seguectl launch http://127.0.0.1:3000/\n",
    ctl_run_launch, TRUE },
  { "intent", "[-s SKILL] NAME [SLOT=VALUE …]", "send an intent to a skill",
    "  -s, --skill=SKILL   name or URL of the skill\n\n"
    "Examples:\n"
    "  seguectl intent AMAZON.NextIntent\n"
    "  seguectl intent -s radio PlayStationIntent station=\"Radio Paradise\"\n",
    ctl_run_intent, TRUE },
  { "voice", "[-s SKILL] WORD", "say one of the words that every skill knows",
    "WORD is stop, pause, resume, next, previous, repeat, start-over, shuffle-on, shuffle-off, "
    "loop-on,\n"
    "loop-off, cancel, help, yes or no; the skill gets the built-in intent that belongs to it.\n\n"
    "  -s, --skill=SKILL   name or URL of the skill\n\n"
    "Example:\n"
    "  seguectl voice next\n",
    ctl_run_voice, TRUE },
  { "can-fulfill", "[-s SKILL] NAME [SLOT=VALUE …]", "ask a skill whether it could serve an intent",
    "  -s, --skill=SKILL   name or URL of the skill\n\n"
    "Example:\n"
    "  seguectl can-fulfill -s radio PlayStationIntent station=\"Radio Paradise\"\n",
    ctl_run_can_fulfill, TRUE },
  { "end-session", "[SKILL]", "leave the session with a skill",
    "Example:\n"
    "  seguectl end-session\n",
    ctl_run_end_session, TRUE },
  { "handle", "[-s SKILL] [-r TYPE] FILE|-", "obey a response document",
    "  -s, --skill=SKILL         the skill that is taken to have answered\n"
    "  -r, --request-type=TYPE   the request it is taken to answer (default: LaunchRequest)\n\n"
    "Examples:\n"
    "  seguectl handle answer.json\n"
    "  seguectl handle -r AudioPlayer.PlaybackNearlyFinished - < answer.json\n",
    ctl_run_handle, TRUE },
  { "lint", "[--strict] [-r TYPE] [-i INTENT] FILE|-",
    "check a response document, without a daemon",
    "  -r, --request-type=TYPE   the request it is taken to answer (default: LaunchRequest)\n"
    "  -i, --intent=INTENT       the intent it is taken to answer (an IntentRequest)\n"
    "      --strict              judge as the Alexa service does; warnings fail, too\n\n"
    "Prints what differs from the protocol, and what would be said and done. The exit status is 1 "
    "if\n"
    "there are errors, with --strict also if there are warnings, or what the service refuses.\n\n"
    "Examples:\n"
    "  seguectl lint answer.json\n"
    "  seguectl lint --strict -r AudioPlayer.PlaybackNearlyFinished - < answer.json\n",
    ctl_run_lint, FALSE },
  { "play", "[[OPTION …] URL|FILE]", "play a stream without a skill; alone: the Play button",
    "  -o, --offset=MS           where to begin: 5000, 5s or 1:23\n"
    "  -e, --enqueue             after what waits, not at once\n"
    "  -t, --token=TOKEN         its name (default: the URL up to its query)\n"
    "      --title=TITLE         what is shown as its title\n"
    "  -H, --header=NAME:VALUE   sent with each request: Authorization, Cookie or X-…; may be\n"
    "                            repeated\n"
    "      --headers-file=FILE   the same, one in a line, where no other process sees them; -:\n"
    "                            standard input\n"
    "      --renewable           where the URL is refused, wait for \"seguectl renew\"\n\n"
    "Examples:\n"
    "  seguectl play https://example.com/song.flac --offset 90000\n"
    "  seguectl play song.mp3\n"
    "  seguectl play --headers-file ~/.secret/headers --renewable https://example.com/song.flac\n",
    ctl_run_play, TRUE },
  { "renew", "[-t TOKEN] [-H NAME:VALUE] [--headers-file=FILE|-] URL",
    "exchange the URL of a stream, which plays on",
    "  -t, --token=TOKEN         which one (default: the current one)\n"
    "  -H, --header=NAME:VALUE   sent with each request; may be repeated\n"
    "      --headers-file=FILE   the same, one in a line; -: standard input\n\n"
    "Example:\n"
    "  seguectl renew https://example.com/song.flac?signature=new\n",
    ctl_run_renew, TRUE },
  { "pause", "", "press Pause",
    "Example:\n"
    "  seguectl pause\n",
    ctl_run_button, TRUE },
  { "resume", "", "press Play",
    "Example:\n"
    "  seguectl resume\n",
    ctl_run_button, TRUE },
  { "stop", "", "stop and empty the queue",
    "Example:\n"
    "  seguectl stop\n",
    ctl_run_button, TRUE },
  { "next", "", "press Next",
    "Example:\n"
    "  seguectl next\n",
    ctl_run_button, TRUE },
  { "previous", "", "press Previous",
    "Example:\n"
    "  seguectl previous\n",
    ctl_run_button, TRUE },
  { "seek", "POSITION|+N|-N", "go to a position",
    "POSITION is 83 (seconds), 1:23, 1:02:03 or 83500ms; with + or - it counts from here.\n\n"
    "Examples:\n"
    "  seguectl seek 1:23\n"
    "  seguectl seek -10\n",
    ctl_run_seek, TRUE },
  { "volume", "[N%|+N|-N|mute|unmute]", "show or set the volume",
    "Examples:\n"
    "  seguectl volume 40%\n"
    "  seguectl volume +5\n"
    "  seguectl volume mute\n",
    ctl_run_volume, TRUE },
  { "locale", "[LOCALE]", "show or set the locale that skills are told",
    "It holds until the daemon ends; segue.conf(5) has the one it starts with.\n\n"
    "Example:\n"
    "  seguectl locale de-DE\n",
    ctl_run_locale, TRUE },
  { "card", "", "show the card that was sent last",
    "Example:\n"
    "  seguectl card --json\n",
    ctl_run_card, FALSE },
  { "queue", "", "list the streams that wait, or the queue of a music service",
    "Where the queue of a music service plays, the service is asked what it shows of it; * marks "
    "the\n"
    "current item.\n\n"
    "Example:\n"
    "  seguectl queue\n",
    ctl_run_queue, FALSE },
  { "music", "[[OPTION …] [SERVICE] [WORD …]]",
    "have a music service play something; alone: list them",
    "SERVICE is the name of a [music NAME] group of segue.conf(5). The words are handed to the "
    "service\n"
    "as they are, in place of the id of an entity: there is no catalogue that would know ids by "
    "words.\n\n"
    "  -t, --type=TYPE      what the words name: TRACK (default), ALBUM, ARTIST, PLAYLIST, STATION "
    "…\n"
    "  -c, --content=ID     play this content, as the service calls it, in place of words\n"
    "      --shuffle        in an order of its own\n"
    "      --loop           again and again\n"
    "      --repeat         the first item again and again\n"
    "      --no-explicit    without explicit language\n\n"
    "Examples:\n"
    "  seguectl music library \"blue in green\"\n"
    "  seguectl music -t ALBUM --shuffle library \"kind of blue\"\n"
    "  seguectl music -c album-1 library\n",
    ctl_run_music, TRUE },
  { "shuffle", "[on|off]", "show or set whether the music queue is shuffled",
    "Example:\n"
    "  seguectl shuffle on\n",
    ctl_run_mode, TRUE },
  { "loop", "[on|off]", "show or set whether the music queue begins anew at its end",
    "Example:\n"
    "  seguectl loop on\n",
    ctl_run_mode, TRUE },
  { "repeat", "[on|off]", "show or set whether the current item is played again",
    "Example:\n"
    "  seguectl repeat off\n",
    ctl_run_mode, TRUE },
  { "feedback", "up|down", "tell the music service how its item is liked",
    "Example:\n"
    "  seguectl feedback up\n",
    ctl_run_feedback, TRUE },
  { "jump", "NUMBER | -i ID", "play another item of the music queue",
    "NUMBER is that of \"seguectl queue\".\n\n"
    "  -i, --id=ID   of the item, as \"seguectl --json queue\" has it\n\n"
    "Example:\n"
    "  seguectl jump 3\n",
    ctl_run_jump, TRUE },
  { "skills", "", "list the skills known",
    "Example:\n"
    "  seguectl skills\n",
    ctl_run_skills, TRUE },
  { "monitor", "[-a] [-u] [-q S] [-t S] [-- COMMAND …]", "watch everything that happens, live",
    "  -a, --all                 show findings of severity info, too (--json always does)\n"
    "  -u, --until-finished      end when nothing plays, waits or happens any more; the exit "
    "status\n"
    "                            is 1 if a request or a stream failed\n"
    "  -q, --quiet-time=SECONDS  how long nothing must have happened for that (default: 2)\n"
    "  -t, --timeout=SECONDS     give up after that time (exit status 75)\n"
    "  -- COMMAND …              start COMMAND as soon as the watching has begun\n\n"
    "Examples:\n"
    "  seguectl monitor\n"
    "  seguectl monitor --json | jq -c 'select(.event == \"Directive\")'\n"
    "  seguectl monitor --until-finished -- seguectl launch http://127.0.0.1:3000/\n",
    ctl_run_monitor, FALSE },
  { "doctor", "", "name what stands between you and sound",
    "Looks at the bus, the daemon, your rights, the volume, the audio output, decoders, the "
    "synthesiser,\n"
    "the clock, the network, certificates, skills and files; nothing that plays is touched, and no "
    "skill is\n"
    "sent anything. The exit status is 0 if nothing stands in the way, 1 if something does, 69 if "
    "segued\n"
    "is not there.\n\n"
    "Example:\n"
    "  seguectl doctor\n",
    ctl_run_doctor, TRUE },
  { "signing", "init [-d DIR] [-n DAYS] [-f] | show FILE", "keys for signed requests, for tests",
    "init makes a private key, its certificate and an authority for it; show tells what is in a "
    "chain\n"
    "of certificates, and whether verifiers of requests accept it. segued is not needed.\n\n"
    "  -d, --directory=DIR   where to put the files (default: the folder of segue.conf, signing/)\n"
    "  -n, --days=DAYS       how long they are valid (default: 365)\n"
    "  -f, --force           replace files that are there\n\n"
    "Examples:\n"
    "  seguectl signing init\n"
    "  seguectl signing show ~/.config/segue/signing/chain.pem\n",
    ctl_run_signing, FALSE },
};

static const char global_options[]
    = "  --session    talk to the segued of the user session (default)\n"
      "  --system     talk to the segued of the system\n"
      "  --json       print results as JSON\n"
      "  -h, --help   this text, or with a command the text about it\n"
      "  --version    print the version\n";

static void
print_help (const CtlCommand *command)
{
  if (command != NULL)
    {
      g_print ("Usage: seguectl [OPTION …] %s%s%s\n\n%c%s.\n\n%s\nGlobal options:\n%s",
               command->name, command->arguments[0] != '\0' ? " " : "", command->arguments,
               g_ascii_toupper (command->summary[0]), command->summary + 1, command->help,
               global_options);
      return;
    }
  g_print ("Usage: seguectl [OPTION …] COMMAND [ARGUMENT …]\n\n"
           "Controls and watches segued, the player of Alexa skills.\n\nCommands:\n");
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  %-12s %s\n", commands[i].name, commands[i].summary);
  g_print ("\nOptions:\n%s\nExample:\n"
           "  seguectl launch http://127.0.0.1:3000/\n"
           "More by \"seguectl COMMAND --help\" and in seguectl(1).\n",
           global_options);
}

static const CtlCommand *
find_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_strcmp0 (commands[i].name, name) == 0)
      return &commands[i];
  return NULL;
}

typedef struct
{
  gboolean help;
  gboolean version;
} Globals;

/* Takes the global options out, wherever they stand before a "--". */
static void
take_globals (CtlContext *self, Globals *globals, int *argc, char **argv)
{
  gboolean ended = FALSE;
  int n = 0;
  for (int i = 0; i < *argc; i++)
    {
      const char *arg = argv[i];
      ended = ended || g_strcmp0 (arg, "--") == 0;
      if (!ended && g_strcmp0 (arg, "--session") == 0)
        self->bus = G_BUS_TYPE_SESSION;
      else if (!ended && g_strcmp0 (arg, "--system") == 0)
        self->bus = G_BUS_TYPE_SYSTEM;
      else if (!ended && g_strcmp0 (arg, "--json") == 0)
        self->json = TRUE;
      else if (!ended && (g_strcmp0 (arg, "--help") == 0 || g_strcmp0 (arg, "-h") == 0))
        globals->help = TRUE;
      else if (!ended && g_strcmp0 (arg, "--version") == 0)
        globals->version = TRUE;
      else
        argv[n++] = argv[i];
    }
  argv[n] = NULL;
  *argc = n;
}

static gboolean
all_utf8 (char **argv)
{
  for (gsize i = 0; argv[i] != NULL; i++)
    if (!g_utf8_validate (argv[i], -1, NULL))
      return FALSE;
  return TRUE;
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_auto (CtlContext) self = { .bus = G_BUS_TYPE_SESSION };
  Globals globals = { 0 };
  take_globals (&self, &globals, &argc, argv);
  const char *name = argc > 1 ? argv[1] : NULL;
  if (globals.version)
    {
      g_print ("seguectl %s\n", SEGUE_VERSION);
      return EX_OK;
    }
  gboolean help = globals.help || g_strcmp0 (name, "help") == 0;
  if (help && g_strcmp0 (name, "help") == 0)
    name = argc > 2 ? argv[2] : NULL;
  const CtlCommand *command = find_command (name);
  if (help && (name == NULL || command != NULL))
    {
      print_help (command);
      return EX_OK;
    }
  if (command == NULL)
    {
      if (name == NULL)
        ctl_complain (&self, "what shall be done? Try \"seguectl --help\".");
      else
        ctl_complain (&self, "there is no %s \"%s\". Try \"seguectl --help\".",
                      name[0] == '-' ? "option" : "command", name);
      return EX_USAGE;
    }
  self.command = command->name;
  self.activate = command->activate;
  if (!all_utf8 (argv))
    return ctl_usage (&self, "an argument is not UTF-8");
  return command->run (&self, argc - 2, argv + 2);
}

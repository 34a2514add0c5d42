# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
# bash completion for seguectl(1)

# Names of the skills; a colon in a URL would end the word, so that only names are offered.
_seguectl_skills ()
{
  seguectl "${bus[@]}" skills 2>/dev/null | sed -n 's/^\([^ :]*\)  .*/\1/p'
}

_seguectl_services ()
{
  seguectl "${bus[@]}" music 2>/dev/null | sed -n 's/^\([^ :]*\)  .*/\1/p'
}

_seguectl ()
{
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  local commands='status launch intent voice can-fulfill end-session handle lint play renew pause resume stop next previous
    seek volume locale card queue music shuffle loop repeat feedback jump skills monitor doctor signing help'
  local globals='--session --system --json --help --version'
  local command="" word i
  local -a bus=()
  for (( i = 1; i < COMP_CWORD; i++ )); do
    word=${COMP_WORDS[i]}
    case $word in
      --system) bus=(--system) ;;
      -*) ;;
      *) command=$word; break ;;
    esac
  done

  COMPREPLY=()
  case $prev in
    -s|--skill)
      mapfile -t COMPREPLY < <(compgen -W "$(_seguectl_skills)" -- "$cur"); return ;;
    -r|--request-type)
      mapfile -t COMPREPLY < <(compgen -W 'LaunchRequest IntentRequest
        AudioPlayer.PlaybackStarted AudioPlayer.PlaybackNearlyFinished AudioPlayer.PlaybackFinished
        AudioPlayer.PlaybackStopped AudioPlayer.PlaybackFailed
        PlaybackController.PlayCommandIssued PlaybackController.PauseCommandIssued
        PlaybackController.NextCommandIssued PlaybackController.PreviousCommandIssued' -- "$cur")
      return ;;
    --type) mapfile -t COMPREPLY < <(compgen -W 'TRACK ALBUM ARTIST PLAYLIST STATION GENRE' -- "$cur")
      return ;;
    -i|--intent|-c|--content|--id|-o|--offset|--token|--title|-H|--header|-q|--quiet-time|-t|--timeout|-n|--days) return ;;
    --headers-file) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    -d|--directory) mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
  esac

  local words=
  case $command in
    '') words="$commands $globals" ;;
    launch|end-session) words="$(_seguectl_skills)" ;;
    voice) words='--skill stop pause resume next previous repeat start-over shuffle-on shuffle-off loop-on loop-off
        cancel help yes no' ;;
    locale) words='ar-SA de-DE en-AU en-CA en-GB en-IN en-US es-ES es-MX es-US fr-CA fr-FR hi-IN it-IT
        ja-JP nl-NL pt-BR' ;;
    intent|can-fulfill)
      words='--skill AMAZON.PauseIntent AMAZON.ResumeIntent AMAZON.StopIntent AMAZON.CancelIntent
        AMAZON.NextIntent AMAZON.PreviousIntent AMAZON.StartOverIntent AMAZON.RepeatIntent
        AMAZON.LoopOnIntent AMAZON.LoopOffIntent AMAZON.ShuffleOnIntent AMAZON.ShuffleOffIntent
        AMAZON.HelpIntent AMAZON.YesIntent AMAZON.NoIntent' ;;
    handle) words='--skill --request-type' ;;
    lint) words='--request-type --intent --strict' ;;
    play) words='--offset --enqueue --token --title --header --headers-file --renewable' ;;
    renew) words='--token --header --headers-file' ;;
    volume) words='mute unmute' ;;
    music) words="--type --content --shuffle --loop --repeat --no-explicit $(_seguectl_services)" ;;
    shuffle|loop|repeat) words='on off' ;;
    feedback) words='up down' ;;
    jump) words='--id' ;;
    monitor) words='--all --until-finished --quiet-time --timeout' ;;
    signing) words='init show --directory --days --force' ;;
    help) words=$commands ;;
  esac
  [[ -n $command && $cur == -* ]] && words="$words $globals"
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
  case $command in
    handle|lint|play|signing) mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur") ;;
  esac
}

complete -o filenames -o bashdefault -F _seguectl seguectl

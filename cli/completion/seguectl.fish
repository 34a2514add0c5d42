# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
# fish completion for seguectl(1)

function __seguectl_skills
    seguectl skills 2>/dev/null | string replace -r ' .*' ''
end

function __seguectl_services
    seguectl music 2>/dev/null | string replace -r '  .*' ''
end

set -l commands status launch intent voice can-fulfill end-session handle lint play renew pause resume stop next previous seek \
    volume locale card queue music shuffle loop repeat feedback jump skills monitor doctor signing help

complete -c seguectl -f
complete -c seguectl -l session -d 'The segued of the user session'
complete -c seguectl -l system -d 'The segued of the system'
complete -c seguectl -l json -d 'Print results as JSON'
complete -c seguectl -s h -l help -d 'Show help'
complete -c seguectl -l version -d 'Print the version'

set -l first "not __fish_seen_subcommand_from $commands"
complete -c seguectl -n $first -a status -d 'What plays, and where it stands'
complete -c seguectl -n $first -a launch -d 'Open a skill'
complete -c seguectl -n $first -a intent -d 'Send an intent to a skill'
complete -c seguectl -n $first -a voice -d 'Say one of the words that every skill knows'
complete -c seguectl -n $first -a can-fulfill -d 'Ask a skill whether it could serve an intent'
complete -c seguectl -n $first -a end-session -d 'Leave the session with a skill'
complete -c seguectl -n $first -a handle -d 'Obey a response document'
complete -c seguectl -n $first -a lint -d 'Check a response document, without a daemon'
complete -c seguectl -n $first -a play -d 'Play a stream without a skill; alone the Play button'
complete -c seguectl -n $first -a renew -d 'Exchange the URL of a stream, which plays on'
complete -c seguectl -n $first -a pause -d 'Press Pause'
complete -c seguectl -n $first -a resume -d 'Press Play'
complete -c seguectl -n $first -a stop -d 'Stop and empty the queue'
complete -c seguectl -n $first -a next -d 'Press Next'
complete -c seguectl -n $first -a previous -d 'Press Previous'
complete -c seguectl -n $first -a seek -d 'Go to a position'
complete -c seguectl -n $first -a volume -d 'Show or set the volume'
complete -c seguectl -n $first -a locale -d 'Show or set the locale that skills are told'
complete -c seguectl -n $first -a card -d 'Show the card that was sent last'
complete -c seguectl -n $first -a queue -d 'List the streams that wait, or the queue of a music service'
complete -c seguectl -n $first -a music -d 'Have a music service play something; alone list them'
complete -c seguectl -n $first -a shuffle -d 'Show or set whether the music queue is shuffled'
complete -c seguectl -n $first -a loop -d 'Show or set whether the music queue begins anew at its end'
complete -c seguectl -n $first -a repeat -d 'Show or set whether the current item is played again'
complete -c seguectl -n $first -a feedback -d 'Tell the music service how its item is liked'
complete -c seguectl -n $first -a jump -d 'Play another item of the music queue'
complete -c seguectl -n $first -a skills -d 'List the skills known'
complete -c seguectl -n $first -a monitor -d 'Watch everything that happens, live'
complete -c seguectl -n $first -a doctor -d 'Name what stands between you and sound'
complete -c seguectl -n $first -a signing -d 'Keys for signed requests, for tests'
complete -c seguectl -n $first -a help -d 'Show help'

complete -c seguectl -n '__fish_seen_subcommand_from launch end-session' -a '(__seguectl_skills)'
complete -c seguectl -n '__fish_seen_subcommand_from voice' -a 'stop pause resume next previous repeat
    start-over shuffle-on shuffle-off loop-on loop-off cancel help yes no'
complete -c seguectl -n '__fish_seen_subcommand_from locale' -a 'ar-SA de-DE en-AU en-CA en-GB en-IN en-US
    es-ES es-MX es-US fr-CA fr-FR hi-IN it-IT ja-JP nl-NL pt-BR'
complete -c seguectl -n '__fish_seen_subcommand_from intent voice can-fulfill handle' -s s -l skill -x \
    -a '(__seguectl_skills)' -d 'The skill'
complete -c seguectl -n '__fish_seen_subcommand_from intent can-fulfill' -a 'AMAZON.PauseIntent
    AMAZON.ResumeIntent AMAZON.StopIntent AMAZON.CancelIntent AMAZON.NextIntent
    AMAZON.PreviousIntent AMAZON.StartOverIntent AMAZON.HelpIntent'
complete -c seguectl -n '__fish_seen_subcommand_from handle lint' -s r -l request-type -x -a 'LaunchRequest
    IntentRequest AudioPlayer.PlaybackStarted AudioPlayer.PlaybackNearlyFinished
    AudioPlayer.PlaybackFinished AudioPlayer.PlaybackStopped AudioPlayer.PlaybackFailed
    PlaybackController.PlayCommandIssued PlaybackController.PauseCommandIssued
    PlaybackController.NextCommandIssued PlaybackController.PreviousCommandIssued' \
    -d 'The request it answers'
complete -c seguectl -n '__fish_seen_subcommand_from lint' -s i -l intent -x -d 'The intent it answers'
complete -c seguectl -n '__fish_seen_subcommand_from lint' -l strict -d 'Judge as the Alexa service does'
complete -c seguectl -n '__fish_seen_subcommand_from handle lint play' -F
complete -c seguectl -n '__fish_seen_subcommand_from play' -s o -l offset -x -d 'Where to begin'
complete -c seguectl -n '__fish_seen_subcommand_from play' -s e -l enqueue -d 'After what waits'
complete -c seguectl -n '__fish_seen_subcommand_from play' -l title -x -d 'Its title'
complete -c seguectl -n '__fish_seen_subcommand_from play' -l renewable \
    -d 'Wait for another URL where it is refused'
complete -c seguectl -n '__fish_seen_subcommand_from play renew' -s t -l token -x -d 'Name of the stream'
complete -c seguectl -n '__fish_seen_subcommand_from play renew' -s H -l header -x -d 'Sent with each request'
complete -c seguectl -n '__fish_seen_subcommand_from play renew' -l headers-file -r -F \
    -d 'Headers, one in a line'
complete -c seguectl -n '__fish_seen_subcommand_from music' -a '(__seguectl_services)'
complete -c seguectl -n '__fish_seen_subcommand_from music' -s t -l type -x \
    -a 'TRACK ALBUM ARTIST PLAYLIST STATION GENRE' -d 'What the words name'
complete -c seguectl -n '__fish_seen_subcommand_from music' -s c -l content -x \
    -d 'Id of a content, in place of words'
complete -c seguectl -n '__fish_seen_subcommand_from music' -l shuffle -d 'In an order of its own'
complete -c seguectl -n '__fish_seen_subcommand_from music' -l loop -d 'Again and again'
complete -c seguectl -n '__fish_seen_subcommand_from music' -l repeat -d 'The first item again and again'
complete -c seguectl -n '__fish_seen_subcommand_from music' -l no-explicit -d 'Without explicit language'
complete -c seguectl -n '__fish_seen_subcommand_from shuffle loop repeat' -a 'on off'
complete -c seguectl -n '__fish_seen_subcommand_from feedback' -a 'up down'
complete -c seguectl -n '__fish_seen_subcommand_from jump' -s i -l id -x -d 'Id of the item'
complete -c seguectl -n '__fish_seen_subcommand_from volume' -a 'mute unmute'
complete -c seguectl -n '__fish_seen_subcommand_from monitor' -s a -l all \
    -d 'Show findings of severity info, too'
complete -c seguectl -n '__fish_seen_subcommand_from monitor' -s u -l until-finished \
    -d 'End when all is over'
complete -c seguectl -n '__fish_seen_subcommand_from monitor' -s q -l quiet-time -x \
    -d 'Quiet seconds that mean the end'
complete -c seguectl -n '__fish_seen_subcommand_from monitor' -s t -l timeout -x \
    -d 'Give up after so many seconds'
complete -c seguectl -n '__fish_seen_subcommand_from signing' -a 'init show' -F
complete -c seguectl -n '__fish_seen_subcommand_from signing' -s d -l directory -r -F \
    -d 'Where to put the files'
complete -c seguectl -n '__fish_seen_subcommand_from signing' -s n -l days -x \
    -d 'How long they are valid'
complete -c seguectl -n '__fish_seen_subcommand_from signing' -s f -l force \
    -d 'Replace files that are there'
complete -c seguectl -n '__fish_seen_subcommand_from help' -a "$commands"

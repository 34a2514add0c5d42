# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""The figures as a table for people."""

HEAD = ('', 'segued', 'bare', 'gst-launch', 'mpd', 'segued : bare')

KINDS = (('flac', 'FLAC'), ('mp3', 'MP3'), ('m4a', 'M4A without edit list'),
         ('m4a_edited', 'M4A with edit list'))


def ratio(ours, theirs):
    return f'{ours / theirs:.2f}' if theirs else ''


def start_rows(start):
    bare = start['bare']['median_ms']
    names = (('play_url', 'PlayUrl, sink closed'), ('play_url_open', 'PlayUrl, sink open'),
             ('play_url_playing', 'PlayUrl while playing'), ('launch', 'Launch of a skill'))
    yield ('Call to first sample, FLAC over HTTP, in ms: median (worst)',)
    for i, (key, label) in enumerate(names):
        def cell(name):
            return f'{start[name]["median_ms"]:.1f} ({start[name]["worst_ms"]:.1f})'
        yield (label, cell(key), cell('bare'), cell('gst_launch') if i == 0 else '', '',
               ratio(start[key]['median_ms'], bare))


def gap_cell(joint):
    if 'error' in joint:
        return 'failed'
    return f'{joint["gap"]:+d}' if joint['gap'] else '0'


def gap_rows(gap):
    yield ('Track to track: frames added or lost', 'segued', 'playbin', 'concat')
    peers = ('segued', 'playbin', 'concat')
    for kind, label in KINDS:
        yield (f'between two {label}', *(gap_cell(gap[kind][peer]) for peer in peers))
    for kind, label in KINDS[1:]:
        yield (f'in front of the first {label}',
               *(str(gap[kind][peer].get('before', '')) for peer in peers))
    yield ('FLAC, gst-launch started twice', '', '', f'{gap["flac"]["gst_launch_twice"]["gap"]:+d}')
    yield ('Frames of both tracks, of ' + str(gap['frames_of_original']), *peers)
    for kind, label in KINDS:
        yield (label, *(str(gap[kind][peer].get('frames', '')) for peer in peers))


def use_rows(use):
    states = (('idle', 'idle'), ('playing_flac', 'plays FLAC'), ('playing_mp3', 'plays MP3'),
              ('playing_flac_pulse', 'plays FLAC into PulseAudio'),
              ('paused', 'paused'), ('stopped', 'stopped, after playing'))
    figures = (('pss_kb', 'Memory: PSS, kB', '{:.0f}'),
               ('private_kb', 'Memory of its own, kB', '{:.0f}'),
               ('cpu_seconds_per_hour', 'Processor: seconds per hour', '{:.1f}'),
               ('wakeups_per_second', 'Wake-ups per second', '{:.1f}'),
               ('threads', 'Threads', '{:.0f}'))
    for key, title, form in figures:
        yield (title,)
        for state, label in states:
            if key in ('private_kb', 'threads') and state in ('paused', 'stopped'):
                continue
            values = [use.get(peer, {}).get(state, {}).get(key)
                      for peer in ('segued', 'gst_launch', 'mpd')]
            if values[0] is None:
                continue
            ours, launch, mpd = ('' if v is None else form.format(v) for v in values)
            yield (label, ours, '', launch, mpd, ratio(values[0], values[1]))


def offset_rows(offset):
    yield ('Offsets: error in frames, worst case', 'segued', 'bare')
    for kind, found in offset.items():
        yield (f'PlayUrl with an offset, {kind.upper()}', worst(found['segued']), worst(found['bare']))
        yield (f'Seek while playing, {kind.upper()}', worst(found['segued_seek']), '')


def codec_rows(codec):
    yield ('Answers read and checked, in µs', 'segued', 'json-glib')
    for answer in codec['answers']:
        yield (f'{answer["bytes"] / 1000:.0f} kB', f'{answer["segue_us"]:.0f}',
               f'{answer["json_glib_us"]:.0f}', '', '', f'{answer["ratio"]:.2f}')
    requests = codec['requests_per_second']
    yield ('Requests per second', 'segued')
    for key, label in (('built', 'built'), ('signed', 'built, signed with SHA-256'),
                       ('signed_twice', 'built, signed with SHA-256 and SHA-1')):
        yield (label, str(requests[key]))


def worst(values):
    return str(max(values, key=abs))


def render(result):
    rows = [HEAD]
    for section, make in (('start', start_rows), ('gap', gap_rows), ('use', use_rows),
                          ('offset', offset_rows), ('codec', codec_rows)):
        if section in result:
            rows += make(result[section])
    lines = []
    for row in rows:
        if len(row) == 1 or (row[1] == 'segued' and row is not HEAD):
            lines.append('')
        cells = [f'{cell:>15}' for cell in row[1:]]
        lines.append((f'{row[0]:<40}' + ''.join(cells)).rstrip())
    return '\n'.join(lines)

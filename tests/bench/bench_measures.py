# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""The measurements, each against the bare pipeline in the same run. Each gives a dict for the JSON."""
import json
import os
import statistics
import subprocess
import sys
import time

import bench_audio as audio
import bench_process as proc
from bench_mpd import Mpd
from bench_rig import (NULL_SINK, PAIR_FRAMES, PIPE_SINK, PULSE_SINK, Bare, Pulse, Segued, Skill,
                       found, gst_launch)

SETTLE_SECONDS = 2.5
PLAY_SECONDS = 10
IDLE_SECONDS = 5


def say(text):
    print(f'# {text}', file=sys.stderr, flush=True)


def summary(values):
    return {'median_ms': round(statistics.median(values), 2), 'worst_ms': round(max(values), 2),
            'best_ms': round(min(values), 2), 'all_ms': [round(v, 2) for v in values]}


# --- 1: from the call to the first sample ---

class Start:
    """One run of each, interleaved; all play the same index-coded FLAC files over HTTP."""

    def __init__(self, rig):
        self.rig = rig
        self.skill = Skill(rig, ['code1.flac', 'code2.flac'])
        self.ear = rig.make_ear('start-segued')
        self.segued = Segued(rig, f'audioconvert dithering=none ! {PIPE_SINK}{self.ear.path}', 'segued-start')
        self.bare = Bare(rig, rig.make_ear('start-bare'))
        self.launch_ear = rig.make_ear('start-gst-launch')
        self.ms = {name: [] for name in ('play_url', 'play_url_open', 'play_url_playing', 'launch',
                                         'bare', 'gst_launch')}

    def _time(self, name, ear, number, begin):
        ear.clear(number)
        begin_ns = begin()
        self.ms[name].append((ear.wait_sound() - begin_ns) / 1e6)

    def _play(self, number):
        return self.segued.play(self.skill.media(f'code{number}.flac'))

    def _gst_launch(self):
        begin_ns = time.monotonic_ns()
        self.launched = gst_launch(self.rig,
                                   f'souphttpsrc location={self.skill.media("code1.flac")}',
                                   PIPE_SINK + self.launch_ear.path)
        return begin_ns

    def run(self):
        self._time('play_url', self.ear, 1, lambda: self._play(1))
        self.segued.stop(self.ear)
        self._time('play_url_open', self.ear, 1, lambda: self._play(1))
        self._time('play_url_playing', self.ear, 2, lambda: self._play(2))
        self.segued.stop(self.ear)
        self._time('bare', self.bare.ear, 1, lambda: self.bare.play(self.skill.media('code1.flac')))
        self.bare.stop()
        self._time('gst_launch', self.launch_ear, 1, self._gst_launch)
        self.rig.processes.stop(self.launched)
        self.segued.wait_closed(self.ear)
        self._time('launch', self.ear, 1, lambda: self.segued.launch(self.skill.url))
        self.segued.stop(self.ear)
        self.segued.wait_closed(self.ear)

    def end(self):
        self.segued.end()
        self.rig.processes.stop(self.bare.process)
        self.rig.processes.stop(self.skill.process)


def measure_start(rig, runs):
    start = Start(rig)
    start.run()  # the first one warms everybody's caches
    for values in start.ms.values():
        values.clear()
    for i in range(runs):
        say(f'start of playing: run {i + 1} of {runs}')
        start.run()
    start.end()
    return {name: summary(values) for name, values in start.ms.items()}


# --- 2: from track to track ---

def analyse(rig, kind, words):
    if kind == 'flac':
        return audio.joint_of_code(words, PAIR_FRAMES[0])
    return audio.joint_of_music(words, rig.tune, PAIR_FRAMES[0])


def wait_quiet(ear, seconds=15):
    """Until the track is over: only silence, or nothing, for a while."""
    heard, since, end = 0, time.monotonic(), time.monotonic() + seconds
    while time.monotonic() - since < 0.5 and time.monotonic() < end:
        time.sleep(0.05)
        now = len(audio.sound_of(ear.words()))
        if now != heard:
            heard, since = now, time.monotonic()


def join_segued(rig, kind, names):
    """A skill of two tracks: the second is asked for by NearlyFinished, as it always is."""
    ear = rig.make_ear(f'gap-segued-{kind}')
    skill = Skill(rig, names)
    segued = Segued(rig, f'audioconvert dithering=none ! {PIPE_SINK}{ear.path}',
                    f'segued-gap-{kind}')
    segued.launch(skill.url)
    segued.wait_activity('FINISHED')
    ear.wait_end()
    words = ear.words()
    segued.end()
    rig.processes.stop(skill.process)
    return audio.sound_of(words)


def join_playbin(rig, kind, names):
    ear = rig.make_ear(f'gap-playbin-{kind}')
    bare = Bare(rig, ear)
    bare.command('playbin ' + ' '.join(f'file://{rig.media}/{name}' for name in names))
    ear.wait_sound()
    wait_quiet(ear)
    bare.command('stop')
    rig.processes.stop(bare.process)
    return audio.sound_of(ear.words())


def join_concat(rig, kind, names):
    ear = rig.make_ear(f'gap-concat-{kind}')
    sink = (PIPE_SINK + ear.path).replace('sync=true', 'sync=false')
    # a converter in front, for the order of the pads must not depend on which decoder is faster
    tracks = ' '.join(f'filesrc location={rig.media}/{name} ! decodebin ! audioconvert dithering=none'
                      ' ! c.' for name in names)
    rig.processes.run(['gst-launch-1.0', '-q',
                       *f'concat name=c ! audioconvert dithering=none ! {sink} {tracks}'.split()])
    ear.wait_end()
    return audio.sound_of(ear.words())


def join_processes(rig, kind, names):
    """gst-launch twice: the wall time between the last bytes of one and the first of the other."""
    ear = rig.make_ear(f'gap-launch-{kind}')
    for i, name in enumerate(names):
        process = gst_launch(rig, f'filesrc location={rig.media}/{name}', PIPE_SINK + ear.path)
        if i == 0:
            process.wait(30)
            last_ns, sound = ear.last_ns, ear.frames()
            ear.clear()
        else:
            gap_ns = ear.wait_sound() - last_ns
        if i == 1:
            rig.processes.stop(process)
    # what was handed over last still plays for the length of its block; one block of 4608 at most
    return {'gap': round(gap_ns / 1e9 * audio.RATE), 'frames_of_first': sound}


def measure_gap(rig):
    result = {'frames_of_original': sum(PAIR_FRAMES)}
    for kind, names in (('flac', ('code1.flac', 'code2.flac')), ('mp3', ('a.mp3', 'b.mp3')),
                        ('m4a', ('a.m4a', 'b.m4a')), ('m4a_edited', ('a-edited.m4a', 'b-edited.m4a'))):
        say(f'from track to track: {kind}')
        result[kind] = {}
        for peer, join in (('segued', join_segued), ('playbin', join_playbin),
                           ('concat', join_concat)):
            try:
                words = join(rig, kind, names)
            except TimeoutError as error:
                result[kind][peer] = {'error': str(error)}
                continue
            result[kind][peer] = {'frames': len(words), **analyse(rig, kind, words)}
    result['flac']['gst_launch_twice'] = join_processes(rig, 'flac', ('code1.flac', 'code2.flac'))
    return result


# --- 3 and 4: memory, processor, wake-ups ---

def observe_segued(rig, skill):
    segued = Segued(rig, NULL_SINK, 'segued-use')
    time.sleep(SETTLE_SECONDS)
    say('segued: idle')
    result = {'idle': proc.observe(segued.pid, IDLE_SECONDS)}
    for kind in ('flac', 'mp3'):
        segued.play(skill.media(f'long.{kind}'))
        segued.wait_activity('PLAYING')
        time.sleep(SETTLE_SECONDS)
        say(f'segued: plays {kind}')
        result[f'playing_{kind}'] = proc.observe(segued.pid, PLAY_SECONDS)
    segued.call('org.segue.Segue1.Player', 'Pause')
    segued.wait_activity('PAUSED')
    time.sleep(SETTLE_SECONDS)
    say('segued: paused')
    result['paused'] = proc.observe(segued.pid, IDLE_SECONDS)
    segued.stop()
    time.sleep(SETTLE_SECONDS)
    say('segued: stopped')
    result['stopped'] = proc.observe(segued.pid, IDLE_SECONDS)
    segued.end()
    return result


def observe_gst_launch(rig, skill):
    result = {}
    for kind in ('flac', 'mp3'):
        process = gst_launch(rig, f'souphttpsrc location={skill.media(f"long.{kind}")}', NULL_SINK)
        time.sleep(SETTLE_SECONDS)
        say(f'gst-launch: plays {kind}')
        result[f'playing_{kind}'] = proc.observe(process.pid, PLAY_SECONDS)
        rig.processes.stop(process)
    return result


def observe_pulse(rig, skill, result):
    """The same once more into what keeps time as a sound card does: with a buffer of its own."""
    pulse = Pulse(rig)
    segued = Segued(rig, PULSE_SINK, 'segued-pulse')
    segued.play(skill.media('long.flac'))
    segued.wait_activity('PLAYING')
    time.sleep(SETTLE_SECONDS)
    say('segued: plays flac into PulseAudio')
    result['segued']['playing_flac_pulse'] = proc.observe(segued.pid, PLAY_SECONDS)
    segued.end()
    process = gst_launch(rig, f'souphttpsrc location={skill.media("long.flac")}', PULSE_SINK)
    time.sleep(SETTLE_SECONDS)
    say('gst-launch: plays flac into PulseAudio')
    result['gst_launch']['playing_flac_pulse'] = proc.observe(process.pid, PLAY_SECONDS)
    rig.processes.stop(process)
    pulse.end()


def observe_mpd(rig):
    """mpd as a player of local files into its null output."""
    folder = os.path.join(rig.folder, 'mpd')
    os.mkdir(folder)
    conf = os.path.join(folder, 'mpd.conf')
    with open(conf, 'w', encoding='utf-8') as file:
        file.write(f'bind_to_address "{folder}/socket"\nlog_file "{folder}/log"\n'
                   'audio_output {\n type "null"\n name "null"\n}\n')
    process = rig.processes.start(['mpd', '--no-daemon', conf])
    client = Mpd(f'{folder}/socket')
    time.sleep(SETTLE_SECONDS)
    say('mpd: idle')
    result = {'idle': proc.observe(process.pid, IDLE_SECONDS)}
    client.command(f'add "file://{rig.media}/long.flac"')
    client.command('play')
    time.sleep(SETTLE_SECONDS)
    say('mpd: plays flac')
    result['playing_flac'] = proc.observe(process.pid, PLAY_SECONDS)
    client.close()
    rig.processes.stop(process)
    return result


def measure_use(rig):
    skill = Skill(rig, ['code1.flac'])
    result = {'segued': observe_segued(rig, skill), 'gst_launch': observe_gst_launch(rig, skill)}
    for peer, observe in (('pulseaudio', lambda: observe_pulse(rig, skill, result)),
                          ('mpd', lambda: result.update(mpd=observe_mpd(rig)))):
        try:
            if found(peer):
                with rig.processes.scope():
                    observe()
        except (OSError, RuntimeError, TimeoutError) as error:
            say(f'{peer} is left out: {error}')
    rig.processes.stop(skill.process)
    return result


# --- 5: offsets ---

def first_index(ear, number):
    """Index of the first frame that was heard of this file."""
    ear.wait_sound()
    words = ear.words()
    return next(w & 0xffffff for w in words if w >> 24 == number)


def expected_frame(ms):
    return (ms * audio.RATE + 500) // 1000


RUN = 20  # so many frames in order are no chance: faded ones may look like any


def in_order(words, i, number):
    """Whether the frame at @i ends a run of unfaded ones."""
    return (i >= RUN and words[i] >> 24 == number and words[i - 1] == words[i] - 1
            and words[i - RUN] == words[i] - RUN)


def seek_segued(segued, ear, url, number, ms):
    """Seek while it plays: the fade over the joint is 10 ms long; counted back from the first clean
    run after it to the last one before it."""
    ear.clear(number)
    segued.play(url)
    ear.wait_sound()
    segued.call('org.segue.Segue1.Player', 'Seek', f'(int64 {ms},)')
    target = expected_frame(ms)

    def landed():
        words = ear.words()
        return [(i, words) for i in range(len(words))
                if words[i] & 0xffffff > target and in_order(words, i, number)]
    place, words = proc.wait_until(landed, 'the seek')[0]
    last = next(i for i in range(place - RUN - 1, 0, -1)
                if words[i] & 0xffffff < target and in_order(words, i, number))
    segued.stop(ear)
    return (words[place] & 0xffffff) - (place - last - 1) - target


def measure_offset(rig):
    skill = Skill(rig, ['code1.flac'])
    ear = rig.make_ear('offset-segued')
    segued = Segued(rig, f'audioconvert dithering=none ! {PIPE_SINK}{ear.path}', 'segued-offset')
    bare = Bare(rig, rig.make_ear('offset-bare'))
    result = {}
    for kind in ('flac', 'wav'):
        say(f'offsets: {kind}')
        url = skill.media(f'code1.{kind}')
        found_at = {'segued': [], 'bare': []}
        for ms in (1, 250, 1234, 1517):
            ear.clear(1)
            segued.play(url, ms)
            found_at['segued'].append(first_index(ear, 1) - expected_frame(ms))
            segued.stop(ear)
            bare.ear.clear(1)
            bare.play(url, ms)
            found_at['bare'].append(first_index(bare.ear, 1) - expected_frame(ms))
            bare.stop()
        result[kind] = {**found_at,
                        'segued_seek': [seek_segued(segued, ear, url, 1, ms) for ms in (1100, 1377)]}
    segued.end()
    for process in (bare.process, skill.process):
        rig.processes.stop(process)
    return result


# --- 5: the codec ---

def measure_codec(rig):
    say('answers and requests')
    return json.loads(subprocess.run([rig.options.codec], check=True, capture_output=True, text=True,
                                     timeout=300).stdout)

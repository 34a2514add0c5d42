# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""From the command to what is heard of it, from the start of a process, and the way of a command alone."""
import statistics
import time

import bench_ear as hear
import bench_players as players
import bench_process as proc
from bench_rig import say
from bench_table import Goal, at_most, at_most_of, factor_of

PATIENCE_SECONDS = 10
TONE_QUIET = 300  # of 12000: what lossy formats let through to the other side is less
STEADY_STEP = {'left': 754, 'right': 1077}  # the steepest of both tones, by their frequencies
GOES_ON_SECONDS = 0.25


class Listener:
    """Waits for tones at the ear, and notes frames; times are computed at the end."""

    def __init__(self, rig, ear):
        self.rig = rig
        self.ear = ear

    def wait_tone(self, side, since, seconds=PATIENCE_SECONDS):
        """The first frame of the tone on one side after the frame @since."""
        def heard():
            return hear.first_above(hear.sides(self.ear.words(since))[side], TONE_QUIET)
        proc.wait_until(lambda: heard() is not None, 'a tone', seconds)
        return since + heard()

    def wait_silence(self, since, seconds=PATIENCE_SECONDS):
        """The first frame after @since behind which there is only silence, for a while."""
        least = int(GOES_ON_SECONDS * hear.RATE)

        def over():
            if self.ear.frames < since + least:
                return False
            left, right = hear.sides(self.ear.words(self.ear.frames - least))
            return hear.first_above(left) is None and hear.first_above(right) is None
        proc.wait_until(over, 'silence', seconds)
        lasts = [hear.last_above(side, TONE_QUIET) for side in hear.sides(self.ear.words(since))]
        return since + max(-1 if last is None else last for last in lasts) + 1

    def go_on(self):
        time.sleep(GOES_ON_SECONDS)


class Course:
    """One player through all commands: play, pause, resume, switch, stop. Frames and times only; what
    they mean is worked out when the ear has heard what follows."""

    def __init__(self, rig, listener, player, kind):
        self.listener = listener
        self.ear = listener.ear
        self.player = player
        self.kind = kind
        self.left = rig.url(f'left.{kind}')
        self.right = rig.url(f'right.{kind}')
        self.events = {}
        self.silence = self.click = None

    def note(self, name, sent, frame):
        self.events[name] = (sent, frame)

    def play(self, name):
        at = self.ear.frames
        sent = self.player.play(self.left)
        self.note(name, sent, self.listener.wait_tone(0, at))
        self.listener.go_on()

    def stop(self, name=None):
        at = self.ear.frames
        sent = self.player.stop()
        frame = self.listener.wait_silence(at)
        if name is not None:
            self.note(name, sent, frame)

    def pause_and_resume(self):
        at = self.ear.frames
        sent = self.player.pause()
        silent = self.listener.wait_silence(at)
        self.note('pause', sent, silent)
        at = self.ear.frames
        sent = self.player.resume()
        self.note('resume', sent, self.listener.wait_tone(0, at))
        self.listener.go_on()

    def switch(self):
        at = self.ear.frames
        sent = self.player.switch(self.right)
        first = self.listener.wait_tone(1, at)
        self.note('switch', sent, first)
        self.listener.go_on()
        left, right = hear.sides(self.ear.words(at, first + hear.RATE // 5))
        last = hear.last_above(left, TONE_QUIET)
        self.silence = max(0, first - at - (-1 if last is None else last) - 1)
        near = slice(max(0, first - at - self.silence - 882), first - at + 882)
        self.click = max(hear.biggest_step(left[near]) / STEADY_STEP['left'],
                         hear.biggest_step(right[near]) / STEADY_STEP['right'])

    def times_ms(self):
        return {name: (self.ear.time_of(frame) - sent) / 1e6
                for name, (sent, frame) in self.events.items()}


def run_course(rig, listener, player, kind):
    course = Course(rig, listener, player, kind)
    course.play('play')
    if player.name == 'gst-launch':
        course.stop()
    else:
        course.pause_and_resume()
        course.switch()
        course.stop('stop')
        if player.name == 'segued':
            course.play('play_open')
            course.stop()
    return course


class Figures:
    """Values of all runs: by what, then by player."""

    def __init__(self):
        self.all = {}

    def add(self, what, player, value):
        self.all.setdefault(what, {}).setdefault(player, []).append(value)

    def fail(self, what, player, why):
        if player not in self.all.setdefault(what, {}):
            self.all[what][player] = [why]

    def get(self, what):
        return self.all.get(what, {})


def measure_start(rig, table):
    rig.media.make(f'{side}.{kind}' for side in ('left', 'right') for kind in ('flac', 'mp3'))
    ear = rig.make_ear()
    listener = Listener(rig, ear)
    everybody = rig.make_players(players.Segued, players.Bare, players.GstLaunch)
    figures = Figures()
    for run in range(-1, rig.options.runs):  # the first one warms everybody's caches
        say(f'commands: run {run + 1} of {rig.options.runs}')
        for kind in ('flac',) if rig.options.quick else ('flac', 'mp3'):
            for player in everybody:
                ear.forget()
                try:
                    course = run_course(rig, listener, player, kind)
                    if run < 0:
                        continue
                    for name, value in course.times_ms().items():
                        figures.add(f'{name} {kind}', player.name, value)
                    if course.silence is not None:
                        figures.add(f'silence {kind}', player.name, course.silence)
                        figures.add(f'click {kind}', player.name, course.click)
                except (TimeoutError, RuntimeError) as error:
                    figures.fail(f'play {kind}', player.name, f'failed: {error}')
                    player.stop()
                    time.sleep(1)
    for player in everybody:
        player.end()
    ear.close()
    add_start_rows(table, figures)


def add_start_rows(table, figures):
    for kind in ('flac', 'mp3'):
        title = kind.upper()
        closed, opened = figures.get(f'play {kind}'), figures.get(f'play_open {kind}')
        table.add('start', f'play: URL to audible, {title}', 'ms', closed, at_most_of('mpd'))
        theirs = {name: values for name, values in closed.items() if name != 'segued'}
        table.add('start', f'the same with the sink still open, {title}', 'ms', {**opened, **theirs},
                  at_most_of('mpd'))
        switch = figures.get(f'switch {kind}')
        table.add('start', f'switch: command to B audible, {title}', 'ms', switch, at_most_of('mpd'))
        table.add('start', f'switch: silence between A and B, {title}', 'frames',
                  figures.get(f'silence {kind}'), at_most(0), digits=0)
        table.add('start', f'switch: steepest step, steady tone = 1, {title}', '',
                  figures.get(f'click {kind}'), at_most(1.3), digits=1)
        for name, label, limit in (('stop', 'stop to silence', 12.5), ('pause', 'pause to silence', 12.5),
                                   ('resume', 'resume to sound', 12.5)):
            table.add('start', f'{label}, {title}', 'ms', figures.get(f'{name} {kind}'),
                      at_most(limit, '10 ms of fade'))


# --- from the start of the process ---

def time_audible(listener, begin):
    """Until the left tone; in ms from what @begin returns."""
    at = listener.ear.frames
    sent = begin()
    frame = listener.wait_tone(0, at, 20)
    return (listener.ear.time_of(frame) - sent) / 1e6


def cold_ready(player):
    """From the start of the process until a command has been answered, in ms."""
    if player.name == 'segued':
        player.caller.process.stdin.write(
            f'await {players.SEGUE} {players.PATH} {players.PROPERTIES} Get'
            f" ('{players.PLAYER}', 'PlayerActivity')\n")
        player.caller.process.stdin.flush()
        begin = time.monotonic_ns()
        player.spawn()
        state, _, answered, _ = proc.read_line(player.caller.process).split(' ', 3)
        if state != 'ok':
            raise RuntimeError('segued does not answer')
        return (int(answered) - begin) / 1e6
    begin = time.monotonic_ns()
    player.spawn()
    return (player.connect() - begin) / 1e6


def cold_audible(rig, player, listener):
    """From the start of the process until it is heard: the first command is to play, or the URL stands
    on the command line where a player has that."""
    url = rig.url('left.flac')

    def begin():
        now = time.monotonic_ns()
        if player.name == 'segued':
            player.caller.process.stdin.write(
                f"await {players.SEGUE} {players.PATH} {players.PLAYER} PlayUrl ('{url}', int64 0)\n")
            player.caller.process.stdin.flush()
            now = time.monotonic_ns()
            player.spawn()
            proc.read_line(player.caller.process)
        elif player.name == 'mpd':
            player.spawn()
            player.connect()
            player.play(url)
        elif player.name == 'gst-launch':
            return player.play(url)
        else:
            player.spawn(url)
        return now
    return time_audible(listener, begin)


def end_process(rig, player):
    if getattr(player, 'socket', None) is not None:
        player.socket.close()
    rig.processes.stop(player.process)
    player.process = None


def measure_cold(rig, table):
    rig.media.make(['left.flac'])
    ear = rig.make_ear()
    listener = Listener(rig, ear)
    figures = Figures()
    everybody = [make(rig) for make in (players.Segued, players.GstLaunch, *players.peers_found())
                 if make.name in rig.options.players]
    for run in range(-1, rig.options.runs):
        say(f'cold start: run {run + 1} of {rig.options.runs}')
        for player in everybody:
            ear.forget()
            try:
                if player.name != 'gst-launch':
                    ready = cold_ready(player)
                    end_process(rig, player)
                audible = cold_audible(rig, player, listener)
                end_process(rig, player)
                listener.wait_silence(ear.frames)
            except (OSError, TimeoutError, RuntimeError) as error:
                figures.fail('audible', player.name, f'failed: {error}')
                continue
            if run >= 0:
                figures.add('audible', player.name, audible)
                if player.name != 'gst-launch':
                    figures.add('ready', player.name, ready)
    everybody[0].caller.end()
    ear.close()
    table.add('cold', 'process started to command answered', 'ms', figures.get('ready'), at_most(28))
    table.add('cold', 'process started to audible, FLAC', 'ms', figures.get('audible'), at_most(77))


# --- the way of a command alone ---

ROUNDS = 12
CALLS = 250


def time_calls(call):
    times = []
    for _ in range(CALLS):
        begin = time.perf_counter_ns()
        call()
        times.append(time.perf_counter_ns() - begin)
    return times


def measure_control(rig, table):
    segued = players.Segued(rig).start()
    bare = rig.processes.start([rig.options.caller, 'org.segue.Bench'])
    segued.caller.ask('await org.segue.Bench / org.freedesktop.DBus.Peer Ping')
    others = [] if rig.options.quick else [
        player for player in rig.make_players() if hasattr(player, 'ping')]
    us = {}

    def ask(name, call):
        result = segued.caller.ask(f'repeat {CALLS} {call}')[2]
        us.setdefault(name, []).append([int(ns) / 1e3 for ns in result.split()])
    get = f"{players.SEGUE} {players.PATH} {players.PROPERTIES} Get ('{players.PLAYER}', 'Volume')"
    for i in range(ROUNDS):
        say(f'round trips: {i + 1} of {ROUNDS}')
        ask('segued', get)
        ask('bare', 'org.segue.Bench / org.freedesktop.DBus.Peer Ping')
        ask('segued, Ping', f'{players.SEGUE} {players.PATH} org.freedesktop.DBus.Peer Ping')
        for player in others:
            us.setdefault(player.name, []).append([ns / 1e3 for ns in time_calls(player.ping)])
    rates = {name: [1e6 / statistics.median(calls) for calls in rounds] for name, rounds in us.items()}
    p99 = {name: [sorted(calls)[int(0.99 * len(calls))] for calls in rounds] for name, rounds in us.items()}
    pinged = {'segued': rates.pop('segued, Ping'), **{k: v for k, v in rates.items() if k != 'segued'}}
    p99.pop('segued, Ping')
    table.add('control', 'round trips, a property; bare: a ping', '1/s', rates,
              factor_of('bare', 0.9, least=True), digits=0)
    table.add('control', 'round trips, a ping', '1/s', pinged, factor_of('bare', 0.9, least=True), digits=0)
    table.add('control', 'slowest of a hundred round trips', 'µs', p99, Goal(), digits=0)
    for player in others:
        player.end()
    segued.end()
    rig.processes.stop(bare)

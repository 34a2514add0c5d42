# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""A music service whose URLs expire: how long it takes to go on after a pause when the URL has to be
renewed first, and whether the new one goes on at the very sample."""
import http.client
import json
import os
import time
import urllib.parse

import bench_ear as hear
import bench_exact as exact
import bench_players as players
import bench_process as proc
from bench_rig import say
from bench_table import at_most, middle

TRACK = 'place.wav'  # each frame says its place; more than is read ahead
TRACK_SECONDS = 120
LONG_MS = 900000
SHORT_MS = 2000  # is over before what has been played is paused
PLAYED_SECONDS = 2
PAUSED_SECONDS = 0.5
# What has been read ahead when the URL is renewed is over by then
HEARD_SECONDS = 9
SOON_SECONDS = 1
FAR_MS = 50  # as a service in the network is
FADE = 2000  # frames: behind them all are as they are in the file
NUMBER = 3  # of the file's code


class Service:
    """The demo music skill as a process."""

    def __init__(self, rig):
        self.processes = rig.processes
        self.log = os.path.join(rig.new_folder('music'), 'log')
        self.process = rig.processes.start(
            [rig.options.demo_music, '--media', rig.media.folder, '--log', self.log,
             '--tracks', f'{TRACK}={TRACK_SECONDS * 1000}'], talk=True)
        self.url = proc.read_line(self.process)

    def post(self, path, document):
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.url).netloc, timeout=10)
        connection.request('POST', path, json.dumps(document), {'Content-Type': 'application/json'})
        answer = connection.getresponse()
        status, text = answer.status, answer.read()
        connection.close()
        return status, text

    def control(self, **wish):
        status, text = self.post('/control', wish)
        if status != 204:
            raise RuntimeError(f'{wish}: {text}')

    def count_questions(self):
        """How often an item has been asked for anew."""
        with open(self.log, encoding='utf-8') as file:
            entries = [json.loads(line) for line in file]
        return sum(entry['kind'] == 'request' and entry['name'] == 'GetItem' for entry in entries)

    def end(self):
        self.processes.stop(self.process)


def place_at(words, frame, reach=2000):
    """The place in the file of a frame at the ear, by the first intact frame from there on."""
    for i in range(frame, min(frame + reach, len(words) - 1)):
        if words[i] >> exact.MARK == NUMBER and words[i + 1] == words[i] + 1:
            return (words[i] & exact.PLACE) - (i - frame)
    return None


def place_before(words, frame, reach=2000):
    """The same, by the last intact frame before it."""
    for i in range(frame - 1, max(frame - reach, 1), -1):
        if words[i] >> exact.MARK == NUMBER and words[i - 1] == words[i] - 1:
            return (words[i] & exact.PLACE) + (frame - i)
    return None


def lost_frames(words):
    """Frames of the file that are not heard between the first and the last that are; negative: heard
    twice. Silence between them does not count: that is a sound server which had to wait."""
    places = [word & exact.PLACE for word in words if word >> exact.MARK == NUMBER]
    return places[-1] - places[0] + 1 - len(places)


def last_sound(words):
    lasts = [hear.last_above(side, exact.NOTHING) for side in hear.sides(words)]
    return max((last for last in lasts if last is not None), default=None)


class Pause:
    """A track that is played, paused and resumed; frames are counted from its first one."""

    def __init__(self, ear, player, service):
        self.ear = ear
        self.player = player
        self.service = service

    def _pause(self, expired):
        self.service.control(lifetime_ms=SHORT_MS if expired else LONG_MS)
        self.ear.forget()
        at = self.ear.frames
        self.player.call('Play', "('bench', {'content': 'album-1'})", f'{players.SEGUE}.Music')
        begin = exact.wait_sound(self.ear, at, 10)
        self.ear.wait_frames(begin + int(PLAYED_SECONDS * hear.RATE))
        self.player.pause()
        exact.wait_silent(self.ear)
        self.service.control(lifetime_ms=LONG_MS)
        if expired:
            self.service.control(expire=True)
        time.sleep(PAUSED_SECONDS)
        return begin

    def run(self, expired, heard_seconds):
        """(ms from the command to sound, frames lost at the pause, the same behind it)"""
        asked = self.service.count_questions()
        begin = self._pause(expired)
        at = self.ear.frames
        sent = self.player.resume()
        first = exact.wait_sound(self.ear, at, 10)
        self.ear.wait_frames(first + int(heard_seconds * hear.RATE))
        words = self.ear.words(begin)
        went_on = first - begin
        silent = last_sound(words[:at - begin]) + 1
        before, after = place_before(words, silent), place_at(words, went_on)
        self.player.stop()
        exact.wait_silent(self.ear)
        if before is None or after is None:
            raise RuntimeError('what is heard is not the file')
        if (self.service.count_questions() > asked) != expired:
            raise RuntimeError(f'the URL was{"" if not expired else " not"} renewed')
        return (self.ear.time_of(first) - sent) / 1e6, after - before, lost_frames(words[went_on + FADE:])


def round_trips_ms(player, count):
    """What one question to the service takes segued: for the view of a queue, less the way of the call."""
    calls = {}
    for name, interface, arguments in (('GetView', f'{players.SEGUE}.Music', ''),
                                       ('Get', players.PROPERTIES, f"('{players.PLAYER}', 'PlayerActivity')")):
        calls[name] = []
        for _ in range(count):
            sent, answered, _ = player.call(name, arguments, interface)
            calls[name].append((answered - sent) / 1e6)
            time.sleep(0.05)
    way = middle(calls['Get'])
    return [took - way for took in calls['GetView']]


class Figures:
    def __init__(self):
        self.valid, self.renewed, self.asked, self.at_pause, self.behind = [], [], [], [], []

    def add_run(self, pause, heard_seconds):
        self.valid.append(pause.run(False, SOON_SECONDS)[0])
        took, at_pause, behind = pause.run(True, heard_seconds)
        self.renewed.append(took)
        self.at_pause.append(at_pause)
        self.behind.append(behind)
        self.asked += round_trips_ms(pause.player, 10)

    def add_rows(self, table, where):
        least = middle(self.valid) + middle(self.asked)
        for label, unit, values, goal, digits in (
                ('resume to sound, URL valid', 'ms', self.valid, None, None),
                ('the same, URL renewed first', 'ms', self.renewed, None, None),
                ('one question to the service', 'ms', self.asked, None, None),
                ('renewed / (valid + one question)', '', [took / least for took in self.renewed], at_most(1.2), 2),
                ('lost (−: twice) at the pause', 'frames', self.at_pause, at_most(0), 0),
                ('lost (−: twice) behind it', 'frames', self.behind, at_most(0), 0)):
            table.add('music', f'{where}: {label}', unit, {'segued': values}, goal, digits)


def measure_music(rig, table):
    rig.media.make([TRACK])
    ear = rig.make_ear()
    service = Service(rig)
    player = players.Segued(
        rig, config=f'[music bench]\nendpoint = {service.url}\nhttp-media = true\n').start()
    pause = Pause(ear, player, service)
    near, far = Figures(), Figures()
    for run in range(-1, rig.options.runs):  # the first one warms everybody's caches
        say(f'expiring URLs: run {run + 1} of {rig.options.runs}')
        (near if run >= 0 else Figures()).add_run(pause, HEARD_SECONDS if run >= 0 else SOON_SECONDS)
    service.control(fault='late', count=0, delay_ms=FAR_MS)
    for run in range(rig.options.runs):
        say(f'expiring URLs, {FAR_MS} ms away: run {run + 1} of {rig.options.runs}')
        far.add_run(pause, SOON_SECONDS)
    player.end()
    service.end()
    ear.close()
    near.add_rows(table, 'at hand')
    far.add_rows(table, f'{FAR_MS} ms away')

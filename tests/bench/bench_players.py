# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""Those who are measured, each driven by its own remote control, all with the same verbs.

play, switch, pause, resume, stop return when the command was sent, in ns of CLOCK_MONOTONIC; position
returns (ns, seconds): the middle between question and answer, and what was answered."""
import json
import os
import shutil
import socket
import time

import bench_process as proc

SEGUE = 'org.segue.Segue1'
PATH = '/org/segue/Segue1'
PLAYER = f'{SEGUE}.Player'
MPRIS_PATH = '/org/mpris/MediaPlayer2'
PROPERTIES = 'org.freedesktop.DBus.Properties'
# A sound server answers commands soonest with a small buffer …
PULSE_SINK = 'pulsesink buffer-time=60000 latency-time=10000'
# … and wakes its clients most rarely with a large one: what segued asks of it
LARGE_PULSE_SINK = 'pulsesink buffer-time=200000 latency-time=90000'
NULL_SINK = 'fakesink sync=true'
NOBODY = 65534


def found(program):
    return shutil.which(program) is not None


class Caller:
    """A client on the bus that is there already."""

    def __init__(self, rig, env=None):
        self.processes = rig.processes
        self.process = rig.processes.start([rig.options.caller], talk=True, env=env)

    def ask(self, line, seconds=20):
        """(sent_ns, answered_ns, result)"""
        state, sent, answered, result = proc.ask(self.process, line, seconds).split(' ', 3)
        if state != 'ok':
            raise RuntimeError(f'{line}: {result}')
        return int(sent), int(answered), result

    def end(self):
        self.processes.stop(self.process)


class Segued:
    name = 'segued'

    def __init__(self, rig, sink='auto', env=None, idle_seconds=2, config=''):
        folder = rig.new_folder('segued')
        self.rig = rig
        self.env = env
        self.argv = [rig.options.segued, '--session', '--config', os.path.join(folder, 'segue.conf'),
                     '--state-dir', os.path.join(folder, 'state')]
        with open(self.argv[3], 'w', encoding='utf-8') as file:
            file.write(f'[audio]\nsink = {sink}\nidle-seconds = {idle_seconds}\n{config}'
                       '[speech]\ncommand =\n')
        self.caller = Caller(rig, env)
        self.process = None

    def start(self):
        self.spawn()
        self.caller.ask(f'await {SEGUE} {PATH} org.freedesktop.DBus.Peer Ping')
        return self

    def spawn(self):
        self.process = self.rig.processes.start(self.argv, log='segued', env=self.env)
        self.pid = self.process.pid

    def call(self, method, arguments='', interface=PLAYER, path=PATH):
        return self.caller.ask(f'call {SEGUE} {path} {interface} {method} {arguments}'.rstrip())

    def play(self, url, seconds=0.0):
        return self.call('PlayUrl', f"('{url}', int64 {round(seconds * 1000)})")[0]

    switch = play

    def seek(self, seconds):
        return self.call('Seek', f'(int64 {round(seconds * 1000)},)')[0]

    def pause(self):
        return self.call('Pause')[0]

    def resume(self):
        return self.call('Play')[0]

    def stop(self):
        return self.call('Stop')[0]

    def activity(self):
        return self.call('Get', f"('{PLAYER}', 'PlayerActivity')", PROPERTIES)[2].strip("()<>,'")

    def position(self):
        sent, answered, result = self.call(
            'Get', "('org.mpris.MediaPlayer2.Player', 'Position')", PROPERTIES, MPRIS_PATH)
        return (sent + answered) / 2, int(result.strip('()<>,').rpartition(' ')[2]) / 1e6

    def end(self):
        self.caller.end()
        if self.process is not None:
            self.rig.processes.stop(self.process)


class Bare:
    """source ! decodebin ! audioconvert ! audioresample ! sink, in a process that is there already."""
    name = 'bare'

    def __init__(self, rig, sink=PULSE_SINK, env=None):
        self.rig = rig
        self.sink = sink
        self.env = env
        self.process = None

    def start(self):
        self.process = self.rig.processes.start([self.rig.options.bare, self.sink], talk=True,
                                                env=self.env)
        self.pid = self.process.pid
        return self

    def command(self, line):
        """(begin_ns, value)"""
        state, begin, value = proc.ask(self.process, line).split()
        if state != 'ok':
            raise RuntimeError(f'bare pipeline: {line}')
        return int(begin), int(value)

    def play(self, url, seconds=0.0):
        return self.command(f'play {round(seconds * 1000)} souphttpsrc location={url}')[0]

    switch = play

    def join(self, one, two):
        self.command(f'playbin {one} {two}')

    def pause(self):
        return self.command('pause')[0]

    def resume(self):
        return self.command('resume')[0]

    def stop(self):
        return self.command('stop')[0]

    def position(self):
        begin, value = self.command('position')
        return begin, value / 1e9

    def end(self):
        self.rig.processes.stop(self.process)


class GstLaunch:
    """gst-launch-1.0, started anew for each stream."""
    name = 'gst-launch'

    def __init__(self, rig, sink='pulsesink', env=None):
        self.rig = rig
        self.sink = sink
        self.env = env
        self.process = None

    def start(self):
        return self

    def play(self, url):
        self.stop()
        words = (f'souphttpsrc location={url} ! decodebin ! audioconvert dithering=none ! audioresample'
                 f' ! {self.sink}')
        begin = time.monotonic_ns()
        self.process = self.rig.processes.start(['gst-launch-1.0', '-q', *words.split()], env=self.env)
        self.pid = self.process.pid
        return begin

    def stop(self):
        if self.process is not None:
            self.rig.processes.stop(self.process)
        self.process = None
        return time.monotonic_ns()

    def end(self):
        self.stop()


class Mpd:
    name = 'mpd'

    def __init__(self, rig, env=None):
        folder = rig.new_folder('mpd')
        self.rig = rig
        self.env = env
        self.path = os.path.join(folder, 'socket')
        conf = os.path.join(folder, 'mpd.conf')
        with open(conf, 'w', encoding='utf-8') as file:
            file.write(f'bind_to_address "{self.path}"\nlog_file "{folder}/log"\n'
                       'audio_output {\n type "pulse"\n name "pulse"\n}\n')
        self.argv = ['mpd', '--no-daemon', conf]
        self.process = None

    def start(self):
        self.spawn()
        self.connect()
        return self

    def spawn(self):
        self.process = self.rig.processes.start(self.argv, env=self.env)
        self.pid = self.process.pid

    def connect(self):
        """Returns when it has answered, in ns."""
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(30)
        while self.socket.connect_ex(self.path) != 0:
            if self.process.poll() is not None:
                raise RuntimeError('mpd has ended')
            time.sleep(0.001)
        self.file = self.socket.makefile('rw', encoding='utf-8')
        self.file.readline()
        self.command('ping')
        return time.monotonic_ns()

    def command(self, *lines):
        """Returns when it was sent and the answer's fields."""
        text = '\n'.join(['command_list_begin', *lines, 'command_list_end'] if len(lines) > 1 else lines)
        sent = time.monotonic_ns()
        self.file.write(text + '\n')
        self.file.flush()
        fields = {}
        for line in iter(self.file.readline, ''):
            if line.startswith('OK'):
                return sent, fields
            if line.startswith('ACK'):
                raise RuntimeError(f'mpd: {lines}: {line.strip()}')
            name, _, value = line.partition(': ')
            fields[name] = value.strip()
        raise RuntimeError('mpd has hung up')

    def play(self, url, seconds=0.0):
        if seconds:
            return self.command('clear', f'add "{url}"', f'seek 0 {seconds}', 'play')[0]
        return self.command('clear', f'add "{url}"', 'play')[0]

    switch = play

    def join(self, one, two):
        self.command('clear', f'add "{one}"', f'add "{two}"', 'play')

    def seek(self, seconds):
        return self.command(f'seekcur {seconds}')[0]

    def pause(self):
        return self.command('pause 1')[0]

    def resume(self):
        return self.command('pause 0')[0]

    def stop(self):
        return self.command('stop')[0]

    def position(self):
        sent, fields = self.command('status')
        return (sent + time.monotonic_ns()) / 2, float(fields.get('elapsed', 'nan'))

    def ping(self):
        self.command('ping')

    def end(self):
        self.socket.close()
        self.rig.processes.stop(self.process)


class Mpv:
    name = 'mpv'

    def __init__(self, rig, env=None):
        self.rig = rig
        self.env = env
        self.path = os.path.join(rig.new_folder('mpv'), 'socket')
        self.argv = ['mpv', '--no-config', '--no-video', '--no-ytdl', '--really-quiet', '--no-terminal',
                     '--idle', '--ao=pulse', f'--input-ipc-server={self.path}']
        self.process = None

    def start(self):
        self.spawn()
        self.connect()
        return self

    def spawn(self, *more):
        self.process = self.rig.processes.start([*self.argv, *more], env=self.env)
        self.pid = self.process.pid

    def connect(self):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(30)
        while self.socket.connect_ex(self.path) != 0:
            if self.process.poll() is not None:
                raise RuntimeError('mpv has ended')
            time.sleep(0.001)
        self.file = self.socket.makefile('rw', encoding='utf-8')
        self.number = 0
        self.ping()
        return time.monotonic_ns()

    def command(self, *words):
        self.number += 1
        sent = time.monotonic_ns()
        self.file.write(json.dumps({'command': words, 'request_id': self.number}) + '\n')
        self.file.flush()
        for line in iter(self.file.readline, ''):
            answer = json.loads(line)
            if answer.get('request_id') == self.number and 'error' in answer:
                return sent, answer.get('data')
        raise RuntimeError('mpv has hung up')

    def play(self, url, seconds=0.0):
        self.command('set_property', 'pause', False)
        return self.command('loadfile', url, 'replace', *([f'start={seconds}'] if seconds else []))[0]

    switch = play

    def join(self, one, two):
        self.command('loadfile', one, 'replace')
        self.command('loadfile', two, 'append')

    def seek(self, seconds):
        return self.command('seek', seconds, 'absolute+exact')[0]

    def pause(self):
        return self.command('set_property', 'pause', True)[0]

    def resume(self):
        return self.command('set_property', 'pause', False)[0]

    def stop(self):
        return self.command('stop')[0]

    def position(self):
        sent, seconds = self.command('get_property', 'audio-pts')
        return (sent + time.monotonic_ns()) / 2, float('nan') if seconds is None else seconds

    def ping(self):
        self.command('get_property', 'volume')

    def end(self):
        self.socket.close()
        self.rig.processes.stop(self.process)


class Vlc:
    name = 'vlc'

    def __init__(self, rig, env=None):
        self.rig = rig
        self.folder = rig.new_folder('vlc')
        self.user = NOBODY if os.geteuid() == 0 else None  # it refuses to run as root
        if self.user is not None:
            os.chown(self.folder, NOBODY, NOBODY)
        with socket.create_server(('127.0.0.1', 0)) as free:
            self.port = free.getsockname()[1]
        self.env = {'HOME': self.folder, 'XDG_RUNTIME_DIR': self.folder, 'XDG_CONFIG_HOME': self.folder,
                    **(env or {})}
        self.argv = ['vlc', '--intf=rc', f'--rc-host=127.0.0.1:{self.port}', '--no-video', '--quiet',
                     '--aout=pulse', '--no-metadata-network-access']
        self.process = None

    def start(self):
        self.spawn()
        self.connect()
        return self

    def spawn(self, *more):
        self.process = self.rig.processes.start([*self.argv, *more], env=self.env, user=self.user)
        self.pid = self.process.pid

    def connect(self):
        self.socket = socket.socket()
        while self.socket.connect_ex(('127.0.0.1', self.port)) != 0:
            if self.process.poll() is not None:
                raise RuntimeError('vlc has ended')
            self.socket.close()
            time.sleep(0.001)
            self.socket = socket.socket()
        self.socket.settimeout(30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile('rw', encoding='utf-8')
        self.ping()
        return time.monotonic_ns()

    def send(self, line):
        sent = time.monotonic_ns()
        self.file.write(line + '\n')
        self.file.flush()
        return sent

    def ask(self, line):
        """A question that is answered with a number."""
        self.send(line)
        # it answers in two small packets: the second waits for the first to be acknowledged
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        for answer in iter(self.file.readline, ''):
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            number = answer.strip().removeprefix('> ').strip()
            if number.isdigit():
                return int(number)
        raise RuntimeError('vlc has hung up')

    def play(self, url, seconds=0.0):
        return self.send(f'add {url}' + (f' :start-time={seconds}' if seconds else ''))

    def switch(self, url):
        return self.play(url)

    def join(self, one, two):
        self.send('clear')
        self.send(f'add {one}')
        self.send(f'enqueue {two}')

    def pause(self):
        return self.send('pause')

    resume = pause

    def stop(self):
        sent = self.send('stop')
        self.send('clear')
        return sent

    def position(self):
        sent = time.monotonic_ns()
        seconds = self.ask('get_time')
        return (sent + time.monotonic_ns()) / 2, float(seconds)

    def ping(self):
        self.ask('is_playing')

    def end(self):
        self.socket.close()
        self.rig.processes.stop(self.process)


PEERS = {'mpd': Mpd, 'mpv': Mpv, 'vlc': Vlc}


def peers_found():
    return [make for name, make in PEERS.items() if found(name)]

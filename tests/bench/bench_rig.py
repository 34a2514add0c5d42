# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""What the bench works with: the audio files, segued on a bus of its own, and those it is compared with."""
import os
import shutil
import struct

import bench_audio as audio
import bench_process as proc

PLAYER = 'org.segue.Segue1.Player'
CONVERSATION = 'org.segue.Segue1.Conversation'
# What each pipeline ends with: the same format, in real time, into a named pipe.
PIPE_SINK = ('audio/x-raw,format=S16LE,rate=44100,channels=2,layout=interleaved'
             ' ! filesink sync=true buffer-mode=unbuffered location=')
NULL_SINK = 'fakesink sync=true'
# A sound server's sink with the buffers that segued asks for.
PULSE_SINK = 'pulsesink buffer-time=60000 latency-time=10000'

PAIR_FRAMES = (77007, 61007)  # odd on purpose: no whole number of blocks of any format
LONG_SECONDS = 60
AAC_PRIMING = 1024


def cut_priming(source, target, frames):
    """Writes into the edit list what the muxer leaves out of it: where the audio begins behind the
    encoder's first, empty frames, and how long it is."""
    with open(source, 'rb') as file:
        data = bytearray(file.read())
    entry = data.index(b'elst') + 12  # behind type, version and flags, and the number of entries
    struct.pack_into('>Ii', data, entry, frames, AAC_PRIMING)
    with open(target, 'wb') as file:
        file.write(data)


def make_media(processes, folder):
    """Index-coded files, pairs for the joints, and something long to play. Returns the music."""
    def path(name):
        return os.path.join(folder, name)

    def encode(source, target, *elements):
        processes.run(['gst-launch-1.0', '-q', 'filesrc', f'location={path(source)}', '!', 'wavparse',
                       '!', 'audioconvert', '!', *elements, '!', 'filesink',
                       f'location={path(target)}'])

    def mp3(source, target):
        processes.run(['lame', '--quiet', '-b', '128', path(source), path(target)])

    def m4a(source, target):
        encode(source, target, 'avenc_aac', 'bitrate=128000', '!', 'mp4mux', 'faststart=true',
               f'movie-timescale={audio.RATE}')

    os.mkdir(folder)
    a, b = PAIR_FRAMES
    tune = audio.music(a + b)
    for number in (1, 2):
        audio.write_wav(path(f'code{number}.wav'), audio.code(number, 0, PAIR_FRAMES[number - 1]))
        encode(f'code{number}.wav', f'code{number}.flac', 'flacenc')
    for name, part in (('a', tune[:a]), ('b', tune[a:])):
        audio.write_wav(path(f'{name}.wav'), audio.stereo(part))
        mp3(f'{name}.wav', f'{name}.mp3')
        m4a(f'{name}.wav', f'{name}.m4a')
        cut_priming(path(f'{name}.m4a'), path(f'{name}-edited.m4a'), len(part))
    times = LONG_SECONDS * audio.RATE // (a + b) + 1
    audio.write_wav(path('long.wav'), audio.stereo(tune * times))
    encode('long.wav', 'long.flac', 'flacenc')
    mp3('long.wav', 'long.mp3')
    return tune


class Skill:
    """The demo skill as a process; it also serves the audio files."""

    def __init__(self, rig, tracks):
        self.process = rig.processes.start(
            [rig.options.demo_skill, '--media', rig.media, '--tracks', ','.join(tracks)], talk=True)
        self.url = proc.read_line(self.process)

    def media(self, name):
        return f'{self.url}media/{name}'


class Segued:
    """segued with a sink, and a client on its bus."""

    def __init__(self, rig, sink, name):
        folder = os.path.join(rig.folder, name)
        os.mkdir(folder)
        with open(os.path.join(folder, 'segue.conf'), 'w', encoding='utf-8') as file:
            file.write(f'[audio]\nsink = {sink}\n[speech]\ncommand =\n')
        self.processes = rig.processes
        self.process = rig.processes.start(
            [rig.options.segued, '--session', '--config', os.path.join(folder, 'segue.conf'),
             '--state-dir', os.path.join(folder, 'state')], log=name)
        self.pid = self.process.pid
        self.caller = rig.processes.start([rig.options.caller], talk=True)
        proc.wait_until(lambda: self._ask('org.freedesktop.DBus.Peer', 'Ping')[0] == 'ok',
                        'segued on the bus', 30)
        if self.process.poll() is not None:
            raise RuntimeError('segued has ended; does another one own its name?')

    def _ask(self, interface, method, arguments=''):
        return proc.ask(self.caller, f'{interface} {method} {arguments}'.rstrip()).split(' ', 3)

    def call(self, interface, method, arguments=''):
        """Returns when the call was sent, in ns."""
        state, sent, _, result = self._ask(interface, method, arguments)
        if state != 'ok':
            raise RuntimeError(f'{method} {arguments}: {result}')
        return int(sent)

    def play(self, url, offset_ms=0):
        return self.call(PLAYER, 'PlayUrl', f"('{url}', int64 {offset_ms})")

    def launch(self, url):
        return self.call(CONVERSATION, 'Launch', f"('{url}',)")

    def activity(self):
        answer = self._ask('org.freedesktop.DBus.Properties', 'Get',
                           f"('{PLAYER}', 'PlayerActivity')")
        return answer[3].strip("()<>,'")

    def wait_activity(self, activity, seconds=20):
        proc.wait_until(lambda: self.activity() == activity, f'activity {activity}', seconds)

    def stop(self, ear=None):
        self.call(PLAYER, 'Stop')
        if ear is not None:
            ear.settle()

    def wait_closed(self, ear):
        """Until it has let go of the sink, as it does a while after the last sound."""
        proc.wait_until(lambda: not proc.has_open(self.pid, ear.path), 'the sink to be released')
        ear.clear()

    def end(self):
        for process in (self.caller, self.process):
            self.processes.stop(process)


class Bare:
    """The bare pipeline in a process that is there already."""

    def __init__(self, rig, ear):
        self.process = rig.processes.start([rig.options.bare, PIPE_SINK + ear.path], talk=True)
        self.ear = ear

    def command(self, line):
        """Returns when it began, in ns."""
        state, begin = proc.ask(self.process, line).split()
        if state != 'ok':
            raise RuntimeError(f'bare pipeline: {line}')
        return int(begin)

    def play(self, url, offset_ms=0):
        return self.command(f'play {offset_ms} souphttpsrc location={url}')

    def stop(self):
        self.command('stop')
        self.ear.settle(0.05)


class Pulse:
    """A PulseAudio server of the bench's own with a sink that plays to nobody, in real time."""

    def __init__(self, rig):
        socket = os.path.join(rig.folder, 'pulse.socket')  # "pulse" is a folder of its own
        rig.processes.env.update(PULSE_SERVER=f'unix:{socket}', HOME=rig.folder)
        self.processes = rig.processes
        self.process = rig.processes.start(
            ['pulseaudio', '--daemonize=no', '-n', '--exit-idle-time=-1', '--use-pid-file=no',
             '--load=module-null-sink',
             f'--load=module-native-protocol-unix auth-anonymous=1 socket={socket}'])
        try:
            proc.wait_until(lambda: os.path.exists(socket), 'PulseAudio', 5)
        except TimeoutError:
            self.end()
            raise

    def end(self):
        self.processes.stop(self.process)


def gst_launch(rig, source, sink):
    """Starts `gst-launch-1.0 SOURCE ! decodebin ! audioconvert ! audioresample ! SINK`."""
    words = f'{source} ! decodebin ! audioconvert dithering=none ! audioresample ! {sink}'.split()
    return rig.processes.start(['gst-launch-1.0', '-q', *words])


class Rig:
    def __init__(self, options, folder, processes):
        self.options = options
        self.folder = folder
        self.processes = processes
        self.ears = []
        self.media = os.path.join(folder, 'media')
        self.tune = make_media(processes, self.media)

    def start_bus(self):
        address = f'unix:path={self.folder}/bus'
        bus = self.processes.start(['dbus-daemon', '--session', '--nofork', '--nosyslog',
                                    f'--address={address}', '--print-address'], talk=True)
        self.processes.env['DBUS_SESSION_BUS_ADDRESS'] = proc.read_line(bus)

    def make_ear(self, name):
        ear = audio.Ear(os.path.join(self.folder, name))
        self.ears.append(ear)
        return ear

    def close(self):
        for ear in self.ears:
            ear.close()


def found(program):
    return shutil.which(program) is not None

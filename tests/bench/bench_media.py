# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""The files of the bench: made once, kept in a folder.

code: each frame is a number that names its file and its place; lossless formats give it back as it is.
noise: each place is known by correlation; what lossy formats hold. tones: left or right only, so that
one is heard beside the other. See bench-signal.c."""
import array
import concurrent.futures
import math
import os
import random
import struct
import wave

RATE = 44100
AAC_PRIMING = 1024
# Of both tracks of a pair; odd on purpose: no whole number of blocks of any format
PAIR_FRAMES = (77007, 61007)
PAIR_SEED = 7
OFFSET_SEED = 8
HOUR_SEED = 9
FAULT_SEED = 10
TONE_HZ = {'left': 441, 'right': 630}
HOUR_SECONDS = 3600
OFFSET_SECONDS = 30
FAULT_SECONDS = 30
LONG_SECONDS = 120
# What an MP3 without a tag begins with: the encoder's delay and the decoder's
LEAD_IN = 1105


def music(frames, seed=7):
    """16 bit: partials that never repeat within a track, as a FLAC encoder likes them."""
    chance = random.Random(seed)
    total = array.array('d', bytes(8 * frames))
    for _ in range(8):
        step = 2 * math.pi * chance.uniform(200, 4000) / RATE
        phase = chance.uniform(0, 2 * math.pi)
        sine = math.sin
        total = array.array('d', (t + sine(step * i + phase) for i, t in enumerate(total)))
    mono = array.array('h', (int(3000 * t + chance.gauss(0, 30)) for t in total))
    both = array.array('h', bytes(4 * frames))
    both[0::2] = mono
    both[1::2] = mono
    return both


def write_music(path, seconds):
    part = music(5 * RATE)
    with wave.open(path, 'wb') as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for _ in range(0, seconds, 5):
            file.writeframes(part.tobytes())


def cut_priming(source, target, frames):
    """Writes into the edit list what the muxer leaves out of it: where the audio begins behind the
    encoder's first, empty frames, and how long it is."""
    with open(source, 'rb') as file:
        data = bytearray(file.read())
    entry = data.index(b'elst') + 12  # behind type, version and flags, and the number of entries
    struct.pack_into('>Ii', data, entry, frames, AAC_PRIMING)
    with open(target, 'wb') as file:
        file.write(data)


class Media:
    def __init__(self, processes, signal, folder):
        self.processes = processes
        self.signal_program = signal
        self.folder = folder
        os.makedirs(folder, exist_ok=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def make(self, names):
        """Makes what is not there yet; two at a time."""
        wanted = [name for name in names if not os.path.exists(self.path(name))]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(self._make_one, name) for name in wanted]:
                done.result()

    def _make_one(self, name):
        kind, frames, make_signal = SOURCES[name.partition('.')[0].partition('-')[0]]
        # files of one source at the same time must not share it
        raw, new = self.path(f'{name}.source'), self.path(f'{name}.new')
        if kind == 'music':
            write_music(raw, frames // RATE)
        else:
            self.processes.run([self.signal_program, kind, raw, *map(str, make_signal), str(frames)])
        self._encode(name, raw, new, frames)
        os.remove(raw)
        os.rename(new, self.path(name))

    def _gst(self, raw, new, *elements):
        self.processes.run(['gst-launch-1.0', '-q', 'filesrc', f'location={raw}', '!', 'wavparse', '!',
                            'audioconvert', '!', *elements, '!', 'filesink', f'location={new}'])

    def _encode(self, name, raw, new, frames):
        stem, _, ending = name.rpartition('.')
        if ending == 'wav':
            os.link(raw, new)
        elif ending == 'flac':
            self._gst(raw, new, 'flacenc')
        elif ending == 'mp3':
            how = {'vbr': ['-V', '6'], 'untagged': ['-V', '6', '-t'],
                   'fault': ['-b', '320']}.get(stem.rpartition('-')[2], ['-b', '128'])
            quick = ['-q', '9'] if stem.startswith('hour') else []
            self.processes.run(['lame', '--quiet', *quick, *how, raw, new])
        elif ending == 'm4a':
            muxed = new + '.muxed'
            self._gst(raw, muxed, 'avenc_aac', 'bitrate=128000', '!', 'mp4mux', 'faststart=true',
                      f'movie-timescale={RATE}', f'trak-timescale={RATE}')
            cut_priming(muxed, new, frames)
            os.remove(muxed)
        elif ending == 'ogg':
            self._gst(raw, new, 'vorbisenc', '!', 'oggmux')
        elif ending == 'opus':
            self._gst(raw, new, 'audioresample', '!', 'audio/x-raw,rate=48000', '!', 'opusenc',
                      'bitrate=96000', '!', 'oggmux')


# By the first word of a file's name: kind, frames, seed and first frame
SOURCES = {
    'code1': ('code', PAIR_FRAMES[0], (1, 0)),
    'code2': ('code', PAIR_FRAMES[1], (2, 0)),
    'a': ('noise', PAIR_FRAMES[0], (PAIR_SEED, 0)),
    'b': ('noise', PAIR_FRAMES[1], (PAIR_SEED, PAIR_FRAMES[0])),
    'left': ('left', 30 * RATE, (TONE_HZ['left'], 0)),
    'right': ('right', 30 * RATE, (TONE_HZ['right'], 0)),
    'place': ('code', 120 * RATE, (3, 0)),
    'offset': ('noise', OFFSET_SECONDS * RATE, (OFFSET_SEED, 0)),
    'hour': ('noise', HOUR_SECONDS * RATE, (HOUR_SEED, 0)),
    'hourcode': ('code', HOUR_SECONDS * RATE, (4, 0)),
    'fault': ('noise', FAULT_SECONDS * RATE, (FAULT_SEED, 0)),
    'long': ('music', LONG_SECONDS * RATE, ()),
}

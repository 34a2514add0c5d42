# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""What the tests of the booted service share: Segue installed in a container, streams and a skill beside it,
and an ear that knows which frame it hears."""
import array
import os
import subprocess
import sys

import container

RATE = 44100
# Frames that have the same value, so that a value says where in the file it is from.
STEP = 64
PORT = 8000
MEDIA = '/srv/media'
SKILL = f'http://127.0.0.1:{PORT}/skill/'
HEARD = '/var/lib/segue/heard.raw'
# What plays is set down as it is: S16LE, two channels. The sink is as fast as a sound card would be.
SINK = (f'capsfilter caps=audio/x-raw,format=S16LE,rate={RATE},channels=2 ! '
        f'filesink location={HEARD} append=true buffer-mode=unbuffered sync=true')
CONFIG = f'[audio]\nsink = {SINK}\n'
TONES = ('tone.wav', 'tone.flac', 'tone.mp3', 'tone.ogg', 'tone.opus', 'tone.m4a')


class Tap:
    """Checks, as TAP. What goes wrong in a scene fails its check, and the log is shown."""

    def __init__(self):
        self.number = self.failed = 0

    def check(self, text, good, detail=''):
        self.number += 1
        print(f'{"ok" if good else "not ok"} {self.number} {text}', flush=True)
        if not good:
            self.failed += 1
            if detail:
                self.say(detail)

    @staticmethod
    def say(text):
        for line in str(text).splitlines():
            print(f'# {line}', flush=True)

    def run(self, box, scenes):
        """Each SCENE is a function whose first line says what it shows; it is a failure if it raises."""
        for scene in scenes:
            failed = self.failed
            try:
                scene()
                self.check(scene.__doc__.splitlines()[0], True)
            except Exception as problem:  # whatever it is, the others are tried
                self.check(scene.__doc__.splitlines()[0], False, repr(problem))
            if self.failed > failed and box.leader is not None:
                self.say(box.journal('-o', 'short-monotonic', '-n', '60'))

    def end(self):
        print(f'1..{self.number}', flush=True)
        sys.exit(1 if self.failed else 0)


def install(box, build, prefix, sysconfdir):
    """What "meson install" puts in place, and what a package's scripts do then."""
    subprocess.run(['meson', 'install', '-C', build, '--no-rebuild', '--quiet', '--destdir', box.root],
                   check=True, stdout=subprocess.DEVNULL)
    if prefix != '/usr':
        # the system bus looks for policies in two places alone
        box.copy(box.path(f'{prefix}/share/dbus-1/system.d'), '/etc/dbus-1/system.d')
    box.config = f'{sysconfdir}/segue/segue.conf'
    subprocess.run(['systemd-sysusers', f'--root={box.root}'], check=True, stdout=subprocess.DEVNULL)


def add_users(box, text):
    """TEXT is of sysusers.d(5)."""
    box.write('/etc/sysusers.d/test.conf', text)
    subprocess.run(['systemd-sysusers', f'--root={box.root}'],
                   check=True, stdout=subprocess.DEVNULL)


def add_media(box, folder):
    box.copy(folder, MEDIA)
    box.copy(os.path.join(os.path.dirname(__file__), 'media.py'), '/usr/bin/media.py')
    box.write('/etc/systemd/system/media.service', f"""[Unit]
[Service]
ExecStart=/usr/bin/python3 -B /usr/bin/media.py {MEDIA} {PORT}
[Install]
WantedBy=multi-user.target
""")
    enable(box, 'media.service')


def enable(box, unit):
    subprocess.run(['systemctl', '--quiet', f'--root={box.root}', 'enable', unit], check=True)


def url(name):
    return f'http://127.0.0.1:{PORT}/{name}'


def sounding(frames):
    """The frames that are not silence."""
    return array.array('h', filter(None, frames))


class Ear:
    """What the sink has been given since the ear was made."""

    def __init__(self, box, file=HEARD):
        self.path = box.path(file)
        self.begin = self.size()

    def size(self):
        return os.path.getsize(self.path) if os.path.exists(self.path) else 0

    def frames(self):
        """The left channel, frame by frame."""
        if not self.size():
            return array.array('h')
        with open(self.path, 'rb') as file:
            file.seek(self.begin)
            heard = file.read()
        return array.array('h', heard[:len(heard) // 4 * 4])[::2]

    def wait(self, seconds):
        """Until so much has been heard, silence not counted."""
        container.wait_until(lambda: len(sounding(self.frames())) >= seconds * RATE, f'{seconds} s of sound', 30)

# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""The system service in a booted systemd, under all directives of its unit.

usage: test-service.py SCRATCH MEDIA BUILD PREFIX SYSCONFDIR          Prints TAP."""
import json
import math
import os
import sys
import time

import container
import scene
from container import wait_until

SCRATCH, MEDIA, BUILD, PREFIX, SYSCONFDIR = sys.argv[1:]
UNIT = 'segued.service'
ALSA = '/var/lib/segue/alsa.raw'
# What would be possible without the sandbox, as probe.py names it.
WAYS_OUT = ('capabilities write-usr write-etc home shared-tmp device processes proc packets write-execute '
            'namespace set-uid-file core').split()
CONFIG = f"""{scene.CONFIG}
[skill radio]
endpoint = {scene.SKILL}
access-token-file = credential:radio-token
"""
container.enter(SCRATCH)
box = container.Container()
tap = scene.Tap()


def ctl(*args, **options):
    return box.run('seguectl', '--system', *args, **options)


def status():
    return ctl('status', '--json').stdout


def active():
    return box.show(UNIT, 'ActiveState') == 'active'


def restarts():
    return int(box.show(UNIT, 'NRestarts'))


def signal_main(name):
    box.run('systemctl', 'kill', '--kill-who=main', f'--signal={name}', UNIT)


def playing():
    return '"activity":"PLAYING"' in status()


def requests():
    """What the skill has been sent."""
    path = box.path(f'{scene.MEDIA}/requests')
    if not os.path.exists(path):
        return []
    with open(path, encoding='utf-8') as log:
        return [json.loads(line) for line in log]


def drop_in(name, lines):
    """Adds a file to the unit, or takes it away if LINES is None. Before boot, too."""
    path = f'/etc/systemd/system/{UNIT}.d/{name}.conf'
    if lines is None:
        os.remove(box.path(path))
    else:
        box.write(path, f'[Service]\n{lines}\n')
    if box.leader is not None:
        box.run('systemctl', 'daemon-reload')


def probe(folder='segue'):
    """What could be done in the sandbox when the service was started last."""
    with open(box.path(f'/var/lib/{folder}/probe'), encoding='ascii') as result:
        return result.read()


def goes_on(ear, before):
    """After BEFORE frames had been heard something happened: what is heard then must be what comes next, or
    at most a second from before it."""
    last = next(value for value in reversed(ear.frames()[:before]) if value)

    def first():
        after = scene.sounding(ear.frames()[before:])
        # past what is faded in
        return after[scene.RATE // 4] - scene.RATE // 4 // scene.STEP if len(after) > scene.RATE // 2 else 0
    back = last - wait_until(first, 'sound after the restart')
    # it is set down each second, by a machine that may be busy
    assert -1 <= back * scene.STEP <= scene.RATE * 1.5, f'it went back by {back * scene.STEP} frames'
    tap.say(f'went back by {back * scene.STEP * 1000 // scene.RATE} ms')


def starts_at_boot():
    """it starts at boot, and nothing in the system has failed"""
    assert active(), box.run('systemctl', 'status', UNIT, check=False).stdout


def plays_formats():
    """WAV, FLAC, MP3, Vorbis, Opus and AAC are decoded over HTTP and reach the sink, each whole"""
    for name in scene.TONES:
        ear = scene.Ear(box)
        ctl('play', scene.url(name))
        ear.wait(0.9)
        wait_until(lambda: 'STOPPED' in status() or 'FINISHED' in status(), f'end of {name}', 10)
        frames = scene.sounding(ear.frames())
        assert abs(len(frames) - scene.RATE) < scene.RATE // 10, f'{name}: {len(frames)} frames were heard'
        level = math.sqrt(sum(value * value for value in frames) / len(frames))
        assert 5300 < level < 6000, f'{name}: its level is {level:.0f}, not 5657'
    warnings = box.journal('--quiet', '--priority=warning', f'--unit={UNIT}')
    assert not warnings, warnings


def reads_credentials():
    """a token that systemd hands over as a credential reaches the skill, and its value nobody else"""
    ctl('launch', 'radio')
    sent = [request['body'] for request in requests()]
    assert sent and sent[-1]['context']['System']['user']['accessToken'] == 'sesame', sent
    for text in (box.journal(), box.run('segued', '--system', '--print-config').stdout, status()):
        assert 'sesame' not in text, text


def speaks():
    """what a skill says is spoken by the synthesiser, in the same sandbox"""
    ear = scene.Ear(box)
    ctl('launch', scene.SKILL)
    ear.wait(0.1)


def holds():
    """the sandbox holds: from inside nothing can be reached but what the service needs"""
    box.run('touch', '/tmp/secret')
    box.run('mknod', '-m', '666', '/dev/test-device', 'c', '10', '229')
    box.run('systemctl', 'restart', UNIT)
    assert probe() == '', probe()


def sees_ways_out():
    """and without the directives the same probe finds each of the ways out"""
    box.run('systemd-run', '--quiet', '--wait', '--property=StateDirectory=open',
            '--property=LimitCORE=infinity', '/usr/bin/python3', '-B', '/usr/bin/probe.py')
    missing = set(WAYS_OUT) - set(probe('open').split())
    assert not missing, f'not found: {missing}'


def comes_back_when_killed():
    """SIGKILL in mid-stream: restarted, and it goes on at most 1 s before what was heard last"""
    ear = scene.Ear(box)
    ctl('play', scene.url('count.wav'))
    ear.wait(2.5)
    before = restarts()
    signal_main('KILL')
    heard = len(ear.frames())
    wait_until(lambda: restarts() == before + 1 and active(), 'the restart')
    goes_on(ear, heard)


def plays_on_alsa():
    """ALSA's library plays in the sandbox"""
    box.write('/etc/asound.conf', f'''pcm.heard {{
  type file
  slave.pcm null
  file "{ALSA}"
  format raw
}}
''')
    box.write(box.config, CONFIG.replace(scene.SINK, 'alsasink device=heard'))
    box.run('systemctl', 'restart', UNIT)
    ctl('play', scene.url('tone.wav'))
    wait_until(scene.Ear(box, ALSA).size, 'a sample')
    wait_until(lambda: 'FINISHED' in status(), 'the end of the tone')
    box.run('systemctl', 'stop', UNIT)
    # nothing keeps the time there, so that there is much silence, too
    with open(box.path(ALSA), 'rb') as file:
        heard = file.read()
    os.remove(box.path(ALSA))
    assert len(heard) - heard.count(0) > scene.RATE, f'{len(heard)} bytes, {heard.count(0)} of them are 0'


def plays_on_pulse():
    """with less rights still (segued(8)) a PulseAudio of another user is played on, not in his home"""
    box.run('systemd-run', '--quiet', '--uid=nobody', '--unit=sound', '--property=RuntimeDirectory=sound',
            '--setenv=HOME=/run/sound', '/usr/bin/pulseaudio', '-n', '--daemonize=no', '--exit-idle-time=-1',
            '-L', 'module-null-sink', '-L',
            'module-native-protocol-unix socket=/run/sound/native auth-anonymous=1')
    drop_in('sound', '''Environment=PULSE_SERVER=unix:/run/sound/native
DeviceAllow=
PrivateDevices=yes
IPAddressDeny=any
IPAddressAllow=localhost''')
    box.write(box.config, CONFIG.replace(scene.SINK, 'auto'))
    wait_until(lambda: os.path.exists(f'/proc/{box.leader}/root/run/sound/native'), 'the sound server')
    box.run('systemctl', 'restart', UNIT)
    ctl('play', scene.url('count.wav'))
    wait_until(lambda: box.run('pactl', '--server=unix:/run/sound/native', 'list', 'short',
                               'sink-inputs').stdout, 'a stream at the sound server')
    ctl('stop')
    drop_in('sound', None)
    box.write(box.config, CONFIG)
    box.run('systemctl', 'restart', UNIT)


def never_gives_up():
    """killed again and again, it is restarted each time"""
    drop_in('soon', 'RestartSec=10ms')
    for before in range(restarts(), restarts() + 8):
        signal_main('KILL')
        wait_until(lambda: restarts() == before + 1 and active(), 'the restart')
    drop_in('soon', None)


def trips_watchdog():
    """SIGSTOP: the watchdog has it restarted, and the log says why"""
    drop_in('watchdog', 'WatchdogSec=2s')
    box.run('systemctl', 'restart', UNIT)
    before = restarts()
    signal_main('STOP')
    wait_until(lambda: restarts() > before and active(), 'the restart')
    assert 'Watchdog timeout' in box.journal('-u', UNIT, '-o', 'cat')


def hangs_without_watchdog():
    """and without WatchdogSec nobody would notice"""
    drop_in('watchdog', 'WatchdogSec=0')
    box.run('systemctl', 'restart', UNIT)
    before = restarts()
    signal_main('STOP')
    time.sleep(5)
    assert restarts() == before, 'restarted by somebody else'
    signal_main('CONT')
    drop_in('watchdog', None)
    box.run('systemctl', 'restart', UNIT)


def reloads():
    """a changed configuration is taken up, and not a sample of what plays is lost or repeated"""
    ear = scene.Ear(box)
    ctl('play', scene.url('count.wav'))
    ear.wait(1)
    box.write(box.config, CONFIG + f'[skill added]\nendpoint = {scene.SKILL}\n')
    box.run('systemctl', 'reload', UNIT)
    wait_until(lambda: 'added' in ctl('skills').stdout, 'the new skill')
    ear.wait(3)
    frames = scene.sounding(ear.frames())[scene.RATE // 4:]
    steps = [after - before for before, after in zip(frames, frames[1:])]
    assert set(steps) == {0, 1}, f'steps: {set(steps)}'
    assert abs(sum(steps) * scene.STEP - len(steps)) <= scene.STEP, 'samples are missing, or there twice'
    box.write(box.config, CONFIG + 'nonsense\n')
    box.run('systemctl', 'reload', UNIT, check=False)
    assert playing() and 'added' in ctl('skills').stdout, status()
    box.write(box.config, CONFIG)
    box.run('systemctl', 'reload', UNIT)


def stops_in_time():
    """stop in mid-stream takes less than 2 s"""
    if not playing():
        ctl('play', scene.url('count.wav'))
        wait_until(playing, 'that it plays')
    box.run('systemctl', 'stop', UNIT)
    # that it was not killed when they had passed
    assert box.show(UNIT, 'Result') == 'success', box.show(UNIT, 'Result')
    box.run('systemctl', 'start', UNIT)


def survives_power_cut():
    """the power is cut in mid-stream: after the next boot it knows who it is, and goes on where it was"""
    ctl('launch', scene.SKILL)
    device = requests()[-1]['body']['context']['System']['device']['deviceId']
    ear = scene.Ear(box)
    ctl('play', scene.url('count.wav'))
    ear.wait(2.5)
    box.cut_power()
    heard = len(ear.frames())
    box.boot()
    goes_on(ear, heard)
    ctl('launch', scene.SKILL)
    assert requests()[-1]['body']['context']['System']['device']['deviceId'] == device
    box.power_off()


try:
    scene.install(box, BUILD, PREFIX, SYSCONFDIR)
    scene.add_media(box, MEDIA)
    scene.enable(box, UNIT)
    box.write(box.config, CONFIG)
    box.write('/etc/credstore/radio-token', 'sesame\n', mode=0o600)
    box.copy(os.path.join(os.path.dirname(__file__), 'probe.py'), '/usr/bin/probe.py')
    drop_in('credential', 'LoadCredential=radio-token')
    drop_in('stop', 'TimeoutStopSec=2s')
    drop_in('probe', 'ExecStartPre=/usr/bin/python3 -B /usr/bin/probe.py')
    box.boot()
    tap.run(box, [starts_at_boot, plays_formats, reads_credentials, speaks, holds, sees_ways_out,
                  plays_on_alsa, plays_on_pulse, comes_back_when_killed, never_gives_up,
                  trips_watchdog, hangs_without_watchdog, reloads, stops_in_time,
                  survives_power_cut])
finally:
    box.cut_power()
tap.end()

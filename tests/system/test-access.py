# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""Who may do what with the system service, and the service of a user: in a booted systemd.

usage: test-access.py SCRATCH MEDIA BUILD PREFIX SYSCONFDIR          Prints TAP."""
import os
import sys

import container
import scene
from container import wait_until

SCRATCH, MEDIA, BUILD, PREFIX, SYSCONFDIR = sys.argv[1:]
UNIT = 'segued.service'
EX_NOPERM = 77
USERS = """u alice 1601 - /srv/alice /bin/sh
m alice segue
u bob 1602 - /srv/bob /bin/sh
m bob segue-inject
u carol 1603 - /srv/carol /bin/sh
"""
HOME = '/srv/alice'
ALICE = {'HOME': HOME, 'XDG_RUNTIME_DIR': '/run/user/1601',
         'DBUS_SESSION_BUS_ADDRESS': 'unix:path=/run/user/1601/bus'}
container.enter(SCRATCH)
box = container.Container()
tap = scene.Tap()


def may(user, *args):
    """Whether the bus lets USER do what seguectl is told by ARGS."""
    done = box.run('seguectl', '--system', *args, user=user, check=False)
    assert done.returncode in (0, EX_NOPERM), f'{user} {args}: {done.returncode} {done.stderr}'
    return done.returncode == 0


def policy_grants_look():
    """everybody may look"""
    assert all(may(user, 'status') for user in ('alice', 'bob', 'carol', 'root'))


def policy_grants_control():
    """members of segue, and root, may press buttons; others may not"""
    assert [may(user, 'volume', '90%') for user in ('alice', 'root', 'bob', 'carol')] == [
        True, True, False, False]
    assert not may('carol', 'pause') and not may('carol', 'launch', scene.SKILL)


def policy_grants_injection():
    """members of segue-inject, and root, may hand it a stream; others may not"""
    assert [may(user, 'play', scene.url('count.wav')) for user in ('bob', 'root', 'alice', 'carol')] == [
        True, True, False, False]


def spy(user):
    """Sets down which signals USER receives."""
    box.run('systemd-run', '--quiet', f'--uid={user}', f'--unit=spy-{user}',
            f'--property=StandardOutput=file:/run/spy-{user}', '/usr/bin/gdbus', 'monitor', '--system',
            '--dest', 'org.segue.Segue1')
    wait_until(lambda: 'owned' in heard_by(user), 'the spy')


def heard_by(user):
    return box.run('cat', f'/run/spy-{user}', check=False).stdout


def conversation_is_private():
    """what is said to a skill is told to members of segue alone"""
    spy('alice')
    spy('carol')
    box.run('seguectl', '--system', 'launch', scene.SKILL + 'count.wav')
    box.run('seguectl', '--system', 'stop')
    wait_until(lambda: 'Segue1.Conversation.' in heard_by('alice'), 'signals of the conversation')
    wait_until(lambda: 'PropertiesChanged' in heard_by('carol'), 'signals that all may have')
    assert 'Segue1.Conversation.' not in heard_by('carol')


def policy_matters():
    """and without the policy carol could listen in"""
    box.run('sh', '-c', 'for file in /etc/dbus-1/system.d/org.segue.Segue1.conf '
            '/usr/share/dbus-1/system.d/org.segue.Segue1.conf; do test -f $file && sed -i '
            "'/<deny/,/>/d' $file; done; true")
    box.run('busctl', 'call', 'org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
            'ReloadConfig')
    box.run('seguectl', '--system', 'launch', scene.SKILL)
    wait_until(lambda: 'Segue1.Conversation.' in heard_by('carol'), 'that she hears of it')


def first_call_starts_it():
    """the first call on the system bus starts the service"""
    box.run('systemctl', 'stop', UNIT)
    assert may('root', 'play', scene.url('tone.wav'))
    assert box.show(UNIT, 'ActiveState') == 'active'


def wrong_configuration_fails_at_once():
    """with a wrong configuration the call that starts it fails at once, and does not wait for a service that
    will not come"""
    box.run('systemctl', 'stop', UNIT)
    box.write(box.config, 'nonsense')
    box.run('seguectl', '--system', 'play', scene.url('tone.wav'), check=False, seconds=15)
    box.write(box.config, scene.CONFIG)


def as_alice(*command, **options):
    return box.run(*command, user='alice', env=ALICE, **options)


def user_bus_starts_it():
    """the first call on a user's bus starts the user's service"""
    box.run('install', '-d', '-o', 'alice', HOME, f'{HOME}/.config', f'{HOME}/.config/segue')
    box.write(f'{HOME}/.config/segue/segue.conf', scene.CONFIG.replace(scene.HEARD, f'{HOME}/heard.raw'))
    box.run('systemctl', 'start', 'user@1601.service')
    as_alice('seguectl', 'play', scene.url('count.wav'))
    assert as_alice('systemctl', '--user', 'is-active', UNIT).stdout.strip() == 'active'
    scene.Ear(box, f'{HOME}/heard.raw').wait(0.5)


def user_has_mpris():
    """playerctl plays, pauses and asks on the user's bus"""
    assert as_alice('playerctl', '-p', 'segue', 'status').stdout.strip() == 'Playing'
    assert 'count.wav' in as_alice('playerctl', '-p', 'segue', 'metadata', 'title').stdout
    as_alice('playerctl', '-p', 'segue', 'pause')
    wait_until(lambda: as_alice('playerctl', '-p', 'segue', 'status').stdout.strip() == 'Paused', 'the pause')
    as_alice('playerctl', '-p', 'segue', 'play')
    wait_until(lambda: as_alice('playerctl', '-p', 'segue', 'status').stdout.strip() == 'Playing', 'play')


def user_unit_speaks():
    """under the directives of the user's unit a skill is launched, and spoken for"""
    as_alice('seguectl', 'stop')
    ear = scene.Ear(box, f'{HOME}/heard.raw')
    as_alice('seguectl', 'launch', scene.SKILL)
    ear.wait(0.1)
    pid = as_alice('systemctl', '--user', 'show', UNIT, '-p', 'MainPID', '--value').stdout.strip()
    kept = box.run('grep', '-E', '^(NoNewPrivs|Seccomp):', f'/proc/{pid}/status').stdout.split()
    assert kept == ['NoNewPrivs:', '1', 'Seccomp:', '2'], kept


try:
    scene.install(box, BUILD, PREFIX, SYSCONFDIR)
    scene.add_media(box, MEDIA)
    scene.add_users(box, USERS)
    scene.enable(box, UNIT)
    box.write(box.config, scene.CONFIG)
    box.boot()
    tap.run(box, [policy_grants_look, policy_grants_control, policy_grants_injection,
                  conversation_is_private, policy_matters, first_call_starts_it,
                  wrong_configuration_fails_at_once, user_bus_starts_it,
                  user_has_mpris, user_unit_speaks])
    box.power_off()
finally:
    box.cut_power()
tap.end()

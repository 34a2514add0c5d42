# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""A booted systemd, to try a service in: a container on this machine's own root file system.

Nothing of this machine is written to, and nothing outlives the program that uses this: the root is read
through an overlay whose upper layer is in memory, and everything runs in namespaces that end with it.

    import container
    container.enter('/a/scratch/folder')     # goes on in namespaces of its own
    with container.Container() as box:
        box.copy('segue.deb', '/srv/segue.deb')
        box.boot()
        box.run('dpkg', '-i', '/srv/segue.deb')
        box.power_off()

Needs root, and the Debian packages systemd-container and dbus.
"""
import ctypes
import glob
import os
import shutil
import signal
import subprocess
import sys
import time

INSIDE = 'SEGUE_CONTAINER_SCRATCH'
CGROUPS = '/sys/fs/cgroup'
PREFIX = 'segue-test-'
MS_BIND = 4096
MS_MOVE = 8192
MS_REC = 16384
TOOLS = ('unshare', 'nsenter', 'mount', 'umount', 'systemd-nspawn', 'pgrep')
# What is of this machine alone: its services, its state, and what keeps packages from starting services.
NOT_THERE = ('run/*', 'etc/systemd/*', 'etc/rc?.d', 'etc/init.d', 'usr/sbin/policy-rc.d', '.dockerenv',
             'var/log/journal', 'etc/segue', 'usr/local/etc/segue', 'var/lib/segue', 'var/cache/segue')
# No terminals, and nothing that comes back by a clock.
MASKED = ('getty.target', 'console-getty.service', 'systemd-networkd-wait-online.service',
          'systemd-firstboot.service', 'systemd-update-utmp.service', 'apt-daily.timer',
          'apt-daily-upgrade.timer', 'systemd-tmpfiles-clean.timer')
WITHOUT = 'To do without: SEGUE_TEST_SYSTEM=no scripts/test, or meson test --no-suite system.'


class Problem(Exception):
    """Something did not come about."""


def fail(text):
    """One line that says what is missing; as TAP it is a failure."""
    print(f'Bail out! {text}', flush=True)
    sys.exit(1)


def enter(scratch):
    """Goes on as the first process of namespaces of its own (mounts and processes), which end with it.
    SCRATCH is a folder, made if need be; what is mounted over it is seen by nobody else."""
    if os.environ.get(INSIDE):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        leave_chroot()
        prepare_mounts()
        return
    if os.geteuid() != 0:
        fail(f'boots a container, which only root may do. {WITHOUT}')
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        fail(f'boots a container; missing: {", ".join(missing)} (packages systemd-container, util-linux, '
             f'procps). {WITHOUT}')
    os.makedirs(scratch, exist_ok=True)
    os.environ[INSIDE] = os.path.abspath(scratch)
    sys.stdout.flush()
    propagation = 'private' if is_file_system('/') else 'unchanged'
    os.execvp('unshare', ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc',
                          '--propagation', propagation, sys.executable, '-B', *sys.argv])


def is_file_system(path):
    """Whether something is mounted at PATH: nothing may be where the root is one by chroot."""
    with open('/proc/self/mountinfo', encoding='utf-8') as mounts:
        return any(line.split()[4] == path for line in mounts)


def mount(*args):
    done = subprocess.run(['mount', *args], capture_output=True, text=True)
    if done.returncode:
        fail(f'mount {" ".join(args)}: {done.stderr.strip()}: no container can be booted here. {WITHOUT}')


def leave_chroot():
    """Nobody who is in a chroot may make namespaces for users, which sandboxes need. So what is the root here
    becomes one in full, in our namespace of mounts alone."""
    libc = ctypes.CDLL(None, use_errno=True)
    root = os.open('/', os.O_RDONLY)
    namespace = os.open('/proc/self/ns/mnt', os.O_RDONLY)
    libc.setns(namespace, 0)
    os.fchdir(root)
    path = os.getcwd().encode()
    if path == b'/':
        return
    if libc.mount(path, path, None, MS_BIND | MS_REC, None) == 0:
        os.chdir(path)
        if libc.mount(path, b'/', None, MS_MOVE, None) == 0:
            os.chroot('.')
            return
    fail(f'out of the chroot {path}: {os.strerror(ctypes.get_errno())}. {WITHOUT}')


def prepare_mounts():
    """One hierarchy of control groups, whatever this machine has, and an empty /run."""
    if not os.path.isdir(CGROUPS):
        mount('-t', 'sysfs', 'sysfs', '/sys')
    subprocess.run(['umount', '-R', '-l', CGROUPS], capture_output=True)
    mount('-t', 'cgroup2', 'cgroup2', CGROUPS)
    mount('-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', '/run')
    # what somebody left behind who was killed
    for left in glob.glob(f'{CGROUPS}/{PREFIX}*'):
        if not has_processes(left):
            remove_cgroup(left)


def has_processes(cgroup):
    try:
        with open(f'{cgroup}/cgroup.events', encoding='ascii') as events:
            return 'populated 1' in events.read()
    except OSError:
        return False


def remove_cgroup(folder):
    for path, _, _ in os.walk(folder, topdown=False):
        try:
            os.rmdir(path)
        except OSError:
            pass


def wait_until(condition, what, seconds=20):
    """What CONDITION gives as soon as it is true of it; else it is a Problem."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Problem(f'in {seconds} s not seen: {what}')
        time.sleep(0.05)


class Container:
    """The root file system is at .root, also while nothing is booted. It stays the same from one boot to
    the next."""

    def __init__(self):
        scratch = os.environ[INSIDE]
        mount('-t', 'tmpfs', '-o', 'size=1g,mode=755', 'tmpfs', scratch)
        upper, work, self.root = (os.path.join(scratch, name) for name in ('upper', 'work', 'root'))
        for folder in (upper, work, self.root):
            os.mkdir(folder, 0o755)
        mount('-t', 'overlay', '-o', f'lowerdir=/,upperdir={upper},workdir={work}', 'overlay', self.root)
        self.console = os.path.join(scratch, 'console')
        self.name = f'{PREFIX}{os.path.basename(scratch)[:8]}{time.time_ns() % 10**9}'
        self.cgroup = f'{CGROUPS}/{self.name}'
        self.nspawn = self.leader = None
        self.clear()

    def clear(self):
        for pattern in NOT_THERE:
            for path in glob.glob(self.path(pattern)):
                if os.path.isdir(path) and not os.path.islink(path):
                    shutil.rmtree(path)
                else:
                    os.remove(path)
        self.write('/etc/fstab', '')
        self.write('/etc/hostname', 'segue-test\n')
        for folder in ('etc/systemd/system', 'etc/systemd/user', 'etc/init.d'):
            os.makedirs(self.path(folder), exist_ok=True)
        for unit in MASKED:
            os.symlink('/dev/null', self.path(f'etc/systemd/system/{unit}'))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.cut_power()

    # --- files ---

    def path(self, inside):
        """Where INSIDE is, seen from outside."""
        return os.path.join(self.root, inside.lstrip('/'))

    def write(self, inside, text, mode=0o644):
        path = self.path(inside)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        # the lower layer's may be a link to somewhere else
        if os.path.lexists(path):
            os.remove(path)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        os.chmod(path, mode)

    def copy(self, outside, inside):
        path = self.path(inside)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.isdir(outside):
            shutil.copytree(outside, path, dirs_exist_ok=True)
        else:
            shutil.copy(outside, path)

    # --- power ---

    def boot(self, target='multi-user.target'):
        """Starts systemd and waits until it has started all that belongs to TARGET."""
        os.mkdir(self.cgroup)
        command = ['systemd-nspawn', '--quiet', '--register=no', '--keep-unit', f'--machine={self.name}',
                   '-D', self.root, '--private-network', '--link-journal=no',
                   # else DeviceAllow= and IPAddressDeny= are accepted and do nothing
                   '--capability=all', '--system-call-filter=bpf',
                   '--boot', '--', f'systemd.unit={target}', 'systemd.show_status=0']
        with open(self.console, 'ab') as console:
            self.nspawn = subprocess.Popen(
                ['sh', '-c', f'echo $$ > {self.cgroup}/cgroup.procs && exec "$@"', 'sh', *command],
                stdin=subprocess.DEVNULL, stdout=console, stderr=console,
                env={'PATH': os.environ['PATH'], 'SYSTEMD_NSPAWN_UNIFIED_HIERARCHY': '1'})
        self.leader = wait_until(self.find_leader, 'the container')
        state = self.run('systemctl', 'is-system-running', '--wait', check=False, seconds=60).stdout.strip()
        if state != 'running':
            failed = self.run('systemctl', '--failed', '--plain', '--no-legend', check=False).stdout
            raise Problem(f'after boot systemd is {state}: {failed}')

    def find_leader(self):
        if self.nspawn.poll() is not None:
            with open(self.console, encoding='utf-8', errors='replace') as console:
                raise Problem('the container did not start: ' + console.read())
        found = subprocess.run(['pgrep', '-P', str(self.nspawn.pid)], capture_output=True, text=True)
        for pid in found.stdout.split():
            if os.path.exists(f'/proc/{pid}/root/run/systemd/private'):
                return pid
        return None

    def power_off(self):
        """In good order."""
        self.run('systemctl', 'poweroff', check=False)
        try:
            status = self.nspawn.wait(30)
        except subprocess.TimeoutExpired:
            raise Problem('power-off did not end in 30 s') from None
        self.ended()
        if status:
            raise Problem(f'power-off: the container ended with {status}')

    def cut_power(self):
        """At once: nobody in there learns of it."""
        if self.nspawn is None:
            return
        if self.leader is not None:
            os.kill(int(self.leader), signal.SIGKILL)
        self.nspawn.kill()
        self.nspawn.wait()
        self.ended()

    def ended(self):
        self.nspawn = self.leader = None
        for _ in range(40):
            remove_cgroup(self.cgroup)
            if not os.path.exists(self.cgroup):
                return
            time.sleep(0.05)

    # --- in there ---

    def run(self, *command, check=True, seconds=30, user=None, env=None):
        """Runs COMMAND in there, as root or as USER; a Problem if it fails, unless CHECK is false.
        The subprocess.CompletedProcess it gives has both outputs as text."""
        outer = ['nsenter', '-t', self.leader, '-a', '--']
        if user is not None:
            outer += ['runuser', '-u', user, '--']
        outer += ['env', '-i', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
                  'LC_ALL=C.UTF-8', 'HOME=/root' if user is None else 'HOME=/',
                  *(f'{key}={value}' for key, value in (env or {}).items())]
        try:
            done = subprocess.run([*outer, *command], stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, errors='replace', timeout=seconds)
        except subprocess.TimeoutExpired:
            raise Problem(f'{" ".join(command)}: did not end in {seconds} s') from None
        if check and done.returncode:
            raise Problem(f'{" ".join(command)}: exit status {done.returncode}: {done.stdout}{done.stderr}')
        return done

    def journal(self, *args):
        """The log since boot, or of what ARGS of journalctl choose."""
        return self.run('journalctl', '-b', '--no-pager', *args, check=False).stdout

    def show(self, unit, name, *args):
        """A property of a unit; ARGS as for systemctl."""
        return self.run('systemctl', *args, 'show', unit, '-p', name, '--value').stdout.strip()

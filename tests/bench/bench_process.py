# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""Processes of the bench: started, measured through /proc, and ended by their id whatever happens."""
import contextlib
import ctypes
import os
import select
import signal
import subprocess
import time

TICK_NS = 1_000_000_000 // os.sysconf('SC_CLK_TCK')


def wait_until(condition, what, seconds=15.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.005)
    raise TimeoutError(f'waited {seconds:g} s in vain: {what}')


def die_with_parent(parent, user=None):
    """In the child: SIGKILL when the bench dies, however it does."""
    def prepare():
        if user is not None:
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
    return prepare


class Processes:
    """All that the bench has started; leaving the context ends them in reverse order."""

    def __init__(self, folder, env):
        self.folder = folder
        self.env = env
        self.running = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.running):
            end(process)
        self.running.clear()

    @contextlib.contextmanager
    def scope(self):
        """Ends what has been started within and still runs, whatever happened."""
        before = list(self.running)
        try:
            yield
        finally:
            for process in [p for p in reversed(self.running) if p not in before]:
                self.stop(process)

    def start(self, argv, talk=False, pipe=False, log=None, env=None, user=None):
        """talk: lines go to its standard input and come from its standard output; pipe: bytes come
        from its standard output; env: besides what all have; user: its number."""
        with open(os.path.join(self.folder, (log or os.path.basename(argv[0])) + '.log'), 'ab') as err:
            process = subprocess.Popen(
                argv, env={**self.env, **(env or {})},
                stdin=subprocess.PIPE if talk else subprocess.DEVNULL,
                stdout=subprocess.PIPE if talk or pipe else err, stderr=err, text=talk,
                preexec_fn=die_with_parent(os.getpid(), user))
        self.running.append(process)
        return process

    def stop(self, process):
        end(process)
        self.running.remove(process)

    def run(self, argv, env=None):
        subprocess.run(argv, env={**self.env, **(env or {})}, check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, timeout=300)


def end(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


def read_line(process, seconds=20):
    if not select.select([process.stdout], [], [], seconds)[0]:
        raise TimeoutError(f'{process.args[0]} does not answer')
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f'{process.args[0]} has ended')
    return line.rstrip('\n')


def ask(process, line, seconds=20):
    process.stdin.write(line + '\n')
    process.stdin.flush()
    return read_line(process, seconds)


# --- /proc ---

def memory_kb(pid):
    """(PSS, private memory) in kB."""
    fields = {}
    with open(f'/proc/{pid}/smaps_rollup', encoding='ascii') as file:
        for line in file.readlines()[1:]:
            name, value = line.split()[:2]
            fields[name.rstrip(':')] = int(value)
    return fields['Pss'], fields['Private_Clean'] + fields['Private_Dirty']


def cpu_ns(pid):
    """Processor time of all threads, those that have ended too."""
    try:
        return time.clock_gettime_ns((~pid << 3) | 2)  # what clock_getcpuclockid(3) computes
    except OSError:
        with open(f'/proc/{pid}/stat', encoding='ascii', errors='replace') as file:
            fields = file.read().rpartition(')')[2].split()
        return (int(fields[11]) + int(fields[12])) * TICK_NS


def switches(pid):
    """Voluntary context switches by thread: each is one wake-up."""
    counts = {}
    for tid in os.listdir(f'/proc/{pid}/task'):
        try:
            with open(f'/proc/{pid}/task/{tid}/status', encoding='ascii', errors='replace') as file:
                for line in file:
                    if line.startswith('voluntary_ctxt_switches:'):
                        counts[tid] = int(line.split()[1])
        except (FileNotFoundError, ProcessLookupError):
            pass
    return counts


def thread_names(pid):
    names = {}
    for tid in os.listdir(f'/proc/{pid}/task'):
        try:
            with open(f'/proc/{pid}/task/{tid}/comm', encoding='utf-8', errors='replace') as file:
                names[tid] = file.read().strip()
        except (FileNotFoundError, ProcessLookupError):
            pass
    return names


def observe(pid, seconds):
    """What a process uses while it does what it does now."""
    before, begin, cpu = switches(pid), time.monotonic(), cpu_ns(pid)
    time.sleep(seconds)
    used, after, elapsed = cpu_ns(pid) - cpu, switches(pid), time.monotonic() - begin
    by_thread = {tid: n - before.get(tid, 0) for tid, n in after.items()}
    names = thread_names(pid)
    pss, private = memory_kb(pid)
    return {
        'seconds': elapsed,
        'cpu_seconds_per_hour': used / 1e9 / elapsed * 3600,
        'wakeups_per_second': sum(by_thread.values()) / elapsed,
        'wakeups_by_thread': {f'{names.get(tid, "?")}/{tid}': round(n / elapsed, 2)
                              for tid, n in by_thread.items() if n},
        'threads': len(after),
        'pss_kb': pss,
        'private_kb': private,
    }


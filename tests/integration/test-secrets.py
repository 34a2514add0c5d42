# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""One run of the daemon with a marked secret wherever there can be one: none is in the log, on the bus for those who
look, in the configuration that is printed, or in a core file.

usage: test-secrets.py SEGUED          Prints TAP."""
import http.server
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

SEGUED = os.path.abspath(sys.argv[1])
MARK = 'Secret7f3a'
DEADLINE_S = 60
NAME, PATH = 'org.segue.Segue1', '/org/segue/Segue1'
INTERFACES = [(NAME, PATH, NAME), (NAME, PATH, NAME + '.Player'), (NAME, PATH, NAME + '.Conversation'),
              (NAME, PATH, NAME + '.Music'),
              (NAME, '/org/mpris/MediaPlayer2', 'org.mpris.MediaPlayer2.Player')]
# What is told to those who control alone, not to those who look.
PRIVATE = NAME + '.Conversation.'
SILENCE = (b'RIFF\x24\x40\x1f\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00'
           b'\x01\x00\x08\x00data\x00\x40\x1f\x00' + b'\x80' * 2048000)

seen = []       # what the server was asked, to prove that the secrets were there
tokens = set()  # that the daemon has made itself


class Handler(http.server.BaseHTTPRequestHandler):
    """The skill, and where its streams lie."""
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def note(self, body=b''):
        seen.append(f'{self.path}\n{self.headers}\n{body.decode()}')

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        self.note(body)
        request = json.loads(body)
        token = request['context']['System'].get('apiAccessToken')
        if token:
            tokens.add(token)
        response = {'shouldEndSession': False}
        if request['request']['type'].startswith('AudioPlayer.'):
            response = {}
        if request['request']['type'] == 'IntentRequest':
            response = {'shouldEndSession': True, 'directives': [{
                'type': 'AudioPlayer.Play', 'playBehavior': 'REPLACE_ALL', 'audioItem': {'stream': {
                    'token': 'a', 'offsetInMilliseconds': 0, 'url': media(request['request']['intent']['name'])}}}]}
        self.answer(200, json.dumps({'version': '1.0', 'response': response, 'sessionAttributes': {
            'key': f'{MARK}-attribute'}}).encode(), Content_Type='application/json')

    def do_GET(self):
        self.note()
        if self.path.startswith('/moved'):
            self.answer(302, b'', Location=f'/sound.wav?to={MARK}-redirect')
        elif self.path.startswith('/sound.wav'):
            self.answer(200, SILENCE, Content_Type='audio/wav')
        else:
            self.answer(404, b'')


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
server.daemon_threads = True
server.handle_error = lambda request, address: None  # streams are given up in the midst of them
threading.Thread(target=server.serve_forever, daemon=True).start()
folder = tempfile.mkdtemp(prefix='segue-secrets-')
bus = None


def media(name):
    return f'http://127.0.0.1:{server.server_port}/{name}?sig={MARK}-query#{MARK}-fragment'


def write(name, text):
    path = os.path.join(folder, name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    os.chmod(path, 0o600)
    return path


def run(*args, check=True):
    return subprocess.run(args, check=check, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env=environment, timeout=DEADLINE_S).stdout


def call(name, path, method, *args):
    return run('gdbus', 'call', '--session', '--dest', name, '--object-path', path, '--method', method, *args)


def wait_until(condition, what):
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f'{what} did not come')
        time.sleep(0.05)


def look():
    return ''.join(call(name, path, 'org.freedesktop.DBus.Properties.GetAll', interface)
                   for name, path, interface in INTERFACES)


def allow_core():
    resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)


faults = 0


def tell(number, title, wrong):
    global faults
    faults += bool(wrong)
    print(f"{'not ' if wrong else ''}ok {number} {title}", flush=True)
    for one in wrong:
        print(f'# {one}')


def lines_with_secrets(text, marks):
    return [line[:300] for line in text.splitlines() if any(mark in line for mark in marks)]


environment = dict(os.environ, XDG_CONFIG_HOME=folder, XDG_STATE_HOME=folder, XDG_CACHE_HOME=folder,
                   G_MESSAGES_DEBUG='all', G_DEBUG='')
config = write('segue.conf', f"""[audio]
sink = fakesink sync=true
[speech]
command =
[device]
person-id = somebody
person-access-token-file = {write('person', f'{MARK}-person')}
[skill radio]
endpoint = http://127.0.0.1:{server.server_port}/skill?key={MARK}-endpoint
access-token-file = {write('account', f'{MARK}-account')}
""")
print('1..6')
bus = subprocess.Popen(['dbus-daemon', '--session', '--nofork', '--print-address'], stdout=subprocess.PIPE, text=True,
                       stderr=subprocess.DEVNULL)
processes = [bus]
try:
    environment['DBUS_SESSION_BUS_ADDRESS'] = bus.stdout.readline().strip()
    log = open(os.path.join(folder, 'log'), 'w+', encoding='utf-8')
    signals = open(os.path.join(folder, 'signals'), 'w+', encoding='utf-8')
    daemon = subprocess.Popen([SEGUED, '--config=' + config, '--verbose'], stdout=log, stderr=log, env=environment,
                              cwd=folder, preexec_fn=allow_core)
    processes.append(daemon)
    run('gdbus', 'wait', '--session', '--timeout', str(DEADLINE_S), NAME)
    monitor = subprocess.Popen(['gdbus', 'monitor', '--session', '--dest', NAME], stdout=signals, env=environment)
    processes.append(monitor)
    looked = look()
    call(NAME, PATH, NAME + '.Conversation.Launch', 'radio')
    call(NAME, PATH, NAME + '.Conversation.Intent', 'radio', 'moved', '{}')
    wait_until(lambda: "'PLAYING'" in look(), 'the stream')
    looked += look()
    call(NAME, PATH, NAME + '.Conversation.Intent', 'radio', 'missing', '{}')
    wait_until(lambda: any('/missing' in one for one in seen), 'the stream that is not there')
    call(NAME, PATH, NAME + '.Player.PlayUrl', media('sound.wav').replace('//', f'//me:{MARK}-user@'), '0')
    wait_until(lambda: "'PLAYING'" in look(), 'the URL')
    looked += look()
    call(NAME, PATH, NAME + '.Player.PlayStream', media('sound.wav'), json.dumps({'play-behavior': 0}).replace(
        '"play-behavior": 0', f"'headers': <{{'Authorization': '{MARK}-header'}}>").replace('"', "'"))
    wait_until(lambda: any(f'{MARK}-header' in one for one in seen), 'the header')
    looked += look()
    asked = '\n'.join(seen)
    marks = sorted(tokens) + [MARK]
    tell(1, 'the secrets have been there', [
        one for one in ('account', 'person', 'attribute', 'endpoint', 'query', 'redirect', 'header')
        if f'{MARK}-{one}' not in asked] + ([] if tokens else ['no token of our own']))
    signals.seek(0)
    heard = ''.join(line for line in signals if PRIVATE not in line)
    tell(2, 'those who look see none of them', lines_with_secrets(looked, marks))
    tell(3, 'and hear of none', lines_with_secrets(heard, marks) + ([] if 'Player' in heard else ['nothing']))
    tell(4, 'none is in the configuration that is printed',
         lines_with_secrets(run(SEGUED, '--config=' + config, '--print-config'), marks))
    with open(f'/proc/{daemon.pid}/coredump_filter', encoding='utf-8') as file:
        memory = int(file.read(), 16)
    daemon.send_signal(signal.SIGABRT)
    status = os.waitpid(daemon.pid, 0)[1]
    daemon.returncode = -os.WTERMSIG(status)
    tell(5, 'no core file is written, and no memory would be in it',
         [f'status {status}, memory {memory:x}'] if os.WCOREDUMP(status) or memory != 0
         or os.WTERMSIG(status) != signal.SIGABRT or any('core' in one for one in os.listdir(folder)) else [])
    log.seek(0)
    said = log.read()
    tell(6, 'none has been logged', lines_with_secrets(said, marks)
         + ([] if 'DEBUG' in said.upper() and '?…' in said else ['little has been logged']))
finally:
    for process in reversed(processes):
        if process.poll() is None:
            process.kill()
            process.wait()
    server.shutdown()
    shutil.rmtree(folder)
sys.exit(faults > 0)

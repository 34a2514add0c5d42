#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""Checks the rules of CONTRIBUTING.md that a compiler does not know. Prints TAP.

usage: check-style.py SOURCE_ROOT [FOLDER=LIBRARY.a]...
"""
import os
import re
import shutil
import subprocess
import sys

SPDX = ('SPDX-License-Identifier: MIT', 'SPDX-FileCopyrightText: The Segue authors')
FOLDERS = ('player/gst', 'player', 'alexa', 'dbus', 'daemon', 'cli')
COLUMNS_AIM, COLUMNS_MAX = 100, 110
FILE_AIM, FILE_MAX = 400, 800
FUNCTION_AIM, FUNCTION_MAX = 40, 80

# What a folder may include, beside the C library: (own headers of these folders, system headers)
LAYERS = {
    'player': ({'player'}, r'glib(-object)?\.h|glib/|gobject/'),
    'player/gst': ({'player/gst', 'player'}, r'glib|gobject/|gio/|gst/|libsoup/|pulse/|gmodule\.h'),
    'alexa': ({'alexa', 'player'}, r'glib|gobject/|gio/gio\.h|json-glib/|openssl/'),
    'dbus': ({'dbus', 'player'}, r'glib|gobject/|gio/'),
    'daemon': ({'daemon', 'dbus', 'alexa', 'player', 'player/gst'},
               r'glib|gobject/|gio/|json-glib/|libsoup/|sqlite3\.h|openssl/'),
    'cli': ({'cli', 'alexa'}, r'glib|gobject/|gio/|json-glib/'),
}
GENERATED = {'config.h': None, 'bus-generated.h': {'dbus', 'daemon', 'cli'},
             'bus-mpris-generated.h': {'dbus'}}
LIBRARIES = r'glib|gobject/|gio/|gst/|pulse/|json-glib/|libsoup/|sqlite3|openssl/|dbus/|systemd/|gmodule'
PREFIXES = {'player': 'player_', 'player/gst': 'player_gst_', 'alexa': 'alexa_', 'dbus': 'bus_',
            'daemon': 'daemon_'}
# Variables that GObject's macros make, the tables of its signals and properties, and those tables of
# functions (GSourceFuncs) and of pads that their libraries do not take as const.
TYPE_MACHINERY = re.compile(
    r'(.*_parent_class|.*_private_offset|.*(g_define_)?type_id(__\w+)?|q|quark|.*signals|.*properties'
    r'|.*props|.*_template|funcs|GST_CAT_DEFAULT|.*_debug|_g_boxed_.*|static_.*)$')


def tracked(root):
    out = subprocess.run(['git', '-C', root, 'ls-files', '-co', '--exclude-standard'],
                         capture_output=True, text=True)
    if out.returncode == 0:
        names = out.stdout.split('\n')
    else:  # a tarball, or a clone that belongs to somebody else
        names = []
        for folder, folders, files in os.walk(root):
            if 'meson-private' in folders:  # a build folder
                folders.clear()
                continue
            folders[:] = [name for name in folders if not name.startswith(('.', '__pycache__'))]
            names += [os.path.relpath(os.path.join(folder, name), root) for name in files]
    return sorted(name for name in names if name and os.path.isfile(os.path.join(root, name)))


def strip(code):
    """Takes comments and the text of strings away and keeps the lines."""
    def blank(match):
        text = match.group(0)
        return '""' if text[0] == '"' else "''" if text[0] == "'" else '\n' * text.count('\n')
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, code,
                  flags=re.S)


class Tree:
    def __init__(self, root):
        self.root = root
        self.text = {}
        for name in tracked(root):
            with open(os.path.join(root, name), 'rb') as file:
                data = file.read()
            if b'\0' not in data[:8000]:
                self.text[name] = data.decode('utf-8', 'replace')
        self.c = [name for name in self.text if name.endswith(('.c', '.h'))]
        self.code = {name: strip(self.text[name]) for name in self.c}
        self.notes = []

    def folder(self, name):
        return next((f for f in FOLDERS if os.path.dirname(name) == f), None)

    def product(self):
        return [name for name in self.c if self.folder(name)]

    def find(self, pattern, names, source=None):
        expression = re.compile(pattern)
        source = source or self.code
        for name in names:
            for number, line in enumerate(source[name].split('\n'), 1):
                match = expression.search(line)
                if match:
                    yield name, number, match


def layers(tree):
    """A folder includes only what lies below it"""
    for name in tree.product():
        folder = tree.folder(name)
        own, system = LAYERS[folder]
        for _, number, match in tree.find(r'^#\s*include\s+([<"])([^>"]+)', [name], tree.text):
            kind, header = match.groups()
            if kind == '<':
                if re.match(LIBRARIES, header) and not re.match(system, header):
                    yield f'{name}:{number}: <{header}> is not for {folder}/'
            elif header in GENERATED:
                if GENERATED[header] and folder not in GENERATED[header]:
                    yield f'{name}:{number}: {header} is not for {folder}/'
            else:
                paths = [os.path.normpath(os.path.join(os.path.dirname(name), header)), header]
                found = next((path for path in paths if path in tree.text), None)
                if found is None:
                    yield f'{name}:{number}: no header {header}'
                elif tree.folder(found) not in own:
                    yield f'{name}:{number}: {header} is not for {folder}/'
                elif folder == 'alexa' and found.startswith('player/') \
                        and found not in ('player/player-types.h', 'player/player-utterance.h'):
                    yield f'{name}:{number}: alexa/ knows nothing of {found}'
                elif folder == 'cli' and tree.folder(found) == 'alexa':
                    # a command uses the codec, or the daemon, never both
                    for _, line, call in tree.find(r'\b(bus_gen_|ctl_context_(get|connect))', [name]):
                        yield f'{name}:{line}: {call.group(0)} in a file that uses {found}'


def pure(tree):
    """player/ and alexa/ touch no files, sockets, threads or clocks"""
    common = r'\b(g_file_|g_socket_|g_thread_|g_fopen|fopen|socket \(|g_get_real_time|g_date_time_new_now)'
    loop = r'|\b(g_main_|g_timeout_|g_idle_|g_get_monotonic_time)'
    for name in tree.product():
        folder = tree.folder(name)
        if folder in ('player', 'alexa'):
            # the one real clock lives beside its port
            clock = os.path.basename(name) in ('player-clock.c', 'player-main-clock.c')
            for _, number, match in tree.find(common + ('' if clock else loop), [name]):
                yield f'{name}:{number}: {match.group(0)} has no place in {folder}/'


def archive_symbols(library):
    out = subprocess.run(['objdump', '-t', library], capture_output=True, text=True, check=True)
    for line in out.stdout.split('\n'):
        match = re.match(r'[0-9a-f]+ (.{7}) (\S+)\t[0-9a-f]+ (?:\.hidden )?(\S+)$', line)
        if match and match.group(3)[0] not in '._' or match and match.group(3).startswith('_g_'):
            yield match.groups()


def prefixes(tree, libraries):
    """Every symbol that a folder exports has its prefix"""
    for folder, library in libraries.items():
        for flags, section, symbol in archive_symbols(library):
            if flags[0] == 'g' and section != '*UND*' and not symbol.startswith(PREFIXES[folder]):
                yield f'{library}: {symbol} does not begin with {PREFIXES[folder]}'


def state(tree, libraries):
    """There is no mutable data at file scope but what types need"""
    for folder, library in libraries.items():
        for flags, section, symbol in archive_symbols(library):
            writable = re.match(r'\.(data|bss|tdata|tbss)|\*COM\*', section) \
                and not section.startswith('.data.rel.ro')
            # in a function gcc calls it "name.number", clang "function.name"
            variable = re.sub(r'\.\d+$', '', symbol).split('.')[-1]
            if writable and flags[6] == 'O' and not TYPE_MACHINERY.match(variable):
                yield f'{library}: {symbol} in {section}'


def headers(tree):
    """Every file says under which licence it stands, every header stands alone"""
    for name, text in tree.text.items():
        if name.endswith(('.c', '.h', '.py', '.sh', '.build', '.xml', '.in', '.conf', '.options')):
            head = '\n'.join(text.split('\n')[:6])
            for line in SPDX:
                if line not in head and not name.endswith('meson_options.txt'):
                    yield f'{name}: the two SPDX lines are missing at the top'
                    break
        if name.endswith('.h') and '#pragma once' not in text:
            yield f'{name}: #pragma once is missing'


def layout(tree):
    """Lines are not too long, without tabs or white space behind them"""
    long_lines = {}
    for name in tree.c:
        for number, line in enumerate(tree.text[name].split('\n'), 1):
            if len(line) > COLUMNS_MAX and tree.folder(name):
                yield f'{name}:{number}: {len(line)} columns, more than {COLUMNS_MAX}'
            elif len(line) > COLUMNS_AIM:
                long_lines.setdefault(name, []).append(number)
            if '\t' in line or line != line.rstrip():
                yield f'{name}:{number}: tab, or white space at the end'
        if not tree.text[name].endswith('\n') or tree.text[name].endswith('\n\n'):
            yield f'{name}: must end with one line end'
    for name, numbers in long_lines.items():
        tree.notes.append(f'{name}: {len(numbers)} lines beyond column {COLUMNS_AIM}, first {numbers[0]}')


def sizes(tree):
    """Files and functions have not grown past twice their aim"""
    for name in tree.c:
        lines = tree.text[name].split('\n')
        if len(lines) > FILE_MAX:
            yield f'{name}: {len(lines)} lines, more than {FILE_MAX}'
        elif len(lines) > FILE_AIM:
            tree.notes.append(f'{name}: {len(lines)} lines, the aim is {FILE_AIM}')
        if not tree.folder(name):
            continue
        begin = None
        for number, line in enumerate(tree.code[name].split('\n'), 1):
            if line == '{':
                begin = number
            elif line == '}' and begin:
                length = number - begin - 1
                if length > FUNCTION_MAX:
                    yield f'{name}:{begin}: a function of {length} lines, more than {FUNCTION_MAX}'
                elif length > FUNCTION_AIM:
                    tree.notes.append(f'{name}:{begin}: a function of {length} lines, '
                                      f'the aim is {FUNCTION_AIM}')
                begin = None


def forbidden(tree):
    """No goto; in the product no g_error(), and no exit() outside main.c"""
    for name, number, match in tree.find(r'\bgoto\b', tree.c):
        yield f'{name}:{number}: {match.group(0)}'
    for name, number, match in tree.find(r'\bg_error \(', tree.product()):
        yield f'{name}:{number}: {match.group(0)}'
    names = [n for n in tree.product() if os.path.basename(n) != 'main.c']
    for name, number, match in tree.find(r'\b_?exit \(', names):
        yield f'{name}:{number}: {match.group(0)}'
    for name, number, match in tree.find(r'\bg_test_(skip|incomplete) \(|return 77;', tree.c):
        yield f'{name}:{number}: a test that skips proves nothing'


def words(tree):
    """No notes to oneself, no paths of somebody's machine, no names of files that are not here"""
    notes = r'\b(TO' r'DO|FIX' r'ME|X' r'XX)\b'
    places = r'(?<![\w.}/~])/(home|root|work)/[a-z]'
    known = {os.path.basename(name) for name in tree.text}
    for name, number, match in tree.find(notes + '|' + places, tree.text, tree.text):
        yield f'{name}:{number}: {match.group(0)}'
    for name, number, match in tree.find(r'(?<![\w*{}])([\w-]+\.md)\b', tree.text, tree.text):
        if match.group(1) not in known:
            yield f'{name}:{number}: there is no {match.group(1)}'


def scripts(tree):
    """Shell scripts parse"""
    for name, text in tree.text.items():
        if re.match(r'#!.*\b(ba)?sh\b', text):
            shell = 'bash' if 'bash' in text.split('\n')[0] else 'sh'
            out = subprocess.run([shell, '-n', os.path.join(tree.root, name)], capture_output=True,
                                 text=True)
            if out.returncode != 0 or out.stderr:
                yield f'{name}: {out.stderr.strip()}'


def man_pages(tree):
    """Man pages are set without a warning"""
    pages = [name for name in tree.text if re.search(r'docs/man/.*\.[1-8]$', name)]
    if not pages:
        yield 'there are no man pages'
    if not shutil.which('groff'):
        yield 'groff is missing (package groff-base)'
        return
    for name in pages:
        out = subprocess.run(['groff', '-ww', '-z', '-mandoc', '-Tutf8', '-Kutf8',
                              os.path.join(tree.root, name)], capture_output=True, text=True)
        if out.returncode != 0 or out.stderr:
            yield f'{name}: {out.stderr.strip()}'


def documented(tree):
    """Man pages name every key and every option"""
    keys = re.findall(r'^  \{ "(?:device|audio|player|skill)", "([\w-]+)"',
                      tree.text['daemon/daemon-config-key.c'], re.M)
    options = re.findall(r'^    \{ "([\w-]+)", 0, 0, G_OPTION_ARG',
                         tree.text['daemon/daemon-options.c'], re.M)
    if not keys or not options:
        yield 'the tables of keys and options have not been found'
    for key in keys:
        if f'.It Li {key}\n' not in tree.text['docs/man/segue.conf.5']:
            yield f'segue.conf.5 does not name {key}'
    for option in options:
        if f'.It Fl -{option}' not in tree.text['docs/man/segued.8']:
            yield f'segued.8 does not name --{option}'


def main():
    tree = Tree(sys.argv[1])
    libraries = dict(argument.split('=', 1) for argument in sys.argv[2:])
    checks = [layers, pure, headers, layout, sizes, forbidden, words, scripts, man_pages,
              documented]
    if libraries:
        checks += [lambda t: prefixes(t, libraries), lambda t: state(t, libraries)]
    names = [check.__doc__ for check in checks[:10]] + [prefixes.__doc__, state.__doc__]
    print(f'1..{len(checks)}')
    for number, check in enumerate(checks, 1):
        problems = list(check(tree))
        print(f'{"not ok" if problems else "ok"} {number} {names[number - 1]}')
        for problem in problems:
            print('# ' + problem.replace('\n', '\n# '))
    for note in tree.notes:
        print(f'# note: {note}')


main()

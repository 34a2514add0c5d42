# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""The figures as rows: for people a table, for machines JSON. A row has one list of values for each
player, one value a run; what is shown is the median, and in brackets the one farthest from it."""
import statistics

PLAYERS = ('segued', 'bare', 'gst-launch', 'mpd', 'mpv', 'vlc')
TITLES = {
    'start': 'From the command to what is heard',
    'gap': 'Joins of two tracks without a pause',
    'offset': 'Start at 12.345 s: error of what is heard first',
    'deep': 'Start at 50 min of an hour',
    'position': 'Position: reported − heard',
    'pipewire': 'Position on PipeWire: reported − heard',
    'cold': 'Cold start',
    'control': 'Control',
    'use': 'What it takes',
    'faults': 'A bad network, MP3 of 30 s and 320 kbit/s',
    'codec': 'Answers and requests of skills',
    'music': 'A URL that expires while it is paused',
}


def middle(values):
    return statistics.median(values)


def farthest(values):
    center = middle(values)
    return max(values, key=lambda value: abs(value - center))


class Goal:
    """What is to be reached: a text and a test of the medians; neither for rows without a goal."""

    def __init__(self, text='', test=None):
        self.text = text
        self.test = test

    def reached(self, medians):
        if self.test is None or 'segued' not in medians:
            return None
        try:
            return bool(self.test(medians))
        except KeyError:
            return None


def at_most(limit, why=''):
    """The absolute value at most so much."""
    return Goal(f'≤ {limit:g}' + (f' ({why})' if why else ''), lambda m: abs(m['segued']) <= limit)


def at_least(limit):
    return Goal(f'≥ {limit:g}', lambda m: m['segued'] >= limit)


def at_most_of(player):
    return Goal(f'≤ {player}', lambda m: m['segued'] <= m[player])


def factor_of(player, factor, least=False):
    if least:
        return Goal(f'≥ {factor:g} × {player}', lambda m: m['segued'] >= factor * m[player])
    return Goal(f'≤ {factor:g} × {player}', lambda m: m['segued'] <= factor * m[player])


class Table:
    def __init__(self):
        self.rows = []
        self.details = {}

    def add(self, section, label, unit, values, goal=None, digits=None):
        """values: a list for each player, or one string that says what went wrong."""
        if not values:
            return
        goal = goal or Goal()
        lists = {name: list(v) if isinstance(v, (list, tuple)) else [v] for name, v in values.items()}
        numbers = {name: v for name, v in lists.items() if v and not isinstance(v[0], str)}
        medians = {name: middle(v) for name, v in numbers.items()}
        ours = medians.get('segued')
        failed = ours is None and 'segued' in lists and goal.test is not None
        self.rows.append({
            'section': section, 'label': label, 'unit': unit, 'goal': goal.text,
            'reached': False if failed else goal.reached(medians),
            'median': {name: round(value, 4) for name, value in medians.items()},
            'ratio_to_bare': round(ours / medians['bare'], 3)
            if ours is not None and medians.get('bare') else None,
            'values': {name: [v if isinstance(v, str) else round(v, 4) for v in list_]
                       for name, list_ in lists.items()},
            'digits': digits,
        })

    def to_json(self):
        return {'rows': self.rows, **self.details}

    def render(self):
        lines = []
        section = None
        for row in self.rows:
            if row['section'] != section:
                section = row['section']
                lines += ['', head(TITLES[section])]
            lines.append(render_row(row))
        goals = [row['reached'] for row in self.rows if row['reached'] is not None]
        lines += ['', f'{sum(goals)} of {len(goals)} goals reached.']
        return '\n'.join(lines)


def head(title):
    return f'{title:<48}' + ''.join(f'{name:>14}' for name in PLAYERS) + '  goal'


def number(value, digits):
    if digits is None:
        digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2
    return f'{value + 0.0:.{digits}f}'.replace('-0.00', '0.00') if value else '0'


def cell(row, name):
    values = row['values'].get(name)
    if not values:
        return ''
    if isinstance(values[0], str):
        return values[0].split(':')[0]
    text = number(middle(values), row['digits'])
    return text if len(values) == 1 else f'{text} ({number(farthest(values), row["digits"])})'


def render_row(row):
    label = row['label'] + (f', {row["unit"]}' if row['unit'] else '')
    line = f'{label:<48}' + ''.join(f'{cell(row, name):>14}' for name in PLAYERS)
    if row['goal']:
        mark = {True: 'yes', False: 'NO', None: '?'}[row['reached']]
        line += f'  {row["goal"]}: {mark}'
    return line.rstrip()

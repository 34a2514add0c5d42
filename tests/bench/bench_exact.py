# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""Which samples are heard: joins, starts at an offset, and the position that is told meanwhile."""
import random
import time

import bench_ear as hear
import bench_media as media
import bench_players as players
import bench_process as proc
from bench_rig import Skill, say
from bench_table import Goal, at_most, at_most_of

WINDOW = 8192     # frames that are looked for
BEHIND = 600      # of them and the first that is heard; what lies between is taken to be in order
NOTHING = 2       # of 32767: the null sink's silence is zeros
MARK = 28         # bits to the right of which the place stands in a coded frame
PLACE = (1 << MARK) - 1


def first_sound(words):
    firsts = [hear.first_above(side, NOTHING) for side in hear.sides(words)]
    return min((first for first in firsts if first is not None), default=None)


def wait_sound(ear, since, seconds):
    """The first frame after @since that is not silence."""
    proc.wait_until(lambda: first_sound(ear.words(since)) is not None, 'sound', seconds)
    return since + first_sound(ear.words(since))


def wait_silent(ear, seconds=10, lasting=0.3):
    least = int(lasting * hear.RATE)
    begin = ear.frames
    proc.wait_until(lambda: ear.frames > begin + least
                    and first_sound(ear.words(ear.frames - least)) is None, 'silence', seconds)


# --- joins ---

def coded_join(words):
    """Frames that are missing (negative) or too many, and the longest silence."""
    ends = [i for i, word in enumerate(words) if word >> MARK == 1]
    begins = [i for i, word in enumerate(words) if word >> MARK == 2]
    if not ends or not begins:
        return None
    last, first = ends[-1], begins[0]
    lost = media.PAIR_FRAMES[0] - 1 - (words[last] & PLACE) + (words[first] & PLACE)
    between = first - last - 1
    # a coded frame that is not what it was names any place: then nothing can be said
    return (between - lost, between) if 0 <= between and abs(lost) < hear.RATE else None


def noise_join(rig, words):
    rig.keep(words)
    first = first_sound(words)
    if first is None or len(words) < first + sum(media.PAIR_FRAMES) - 20000:
        return None
    joint = media.PAIR_FRAMES[0]
    offsets = []
    for place in (joint // 2, joint + 4096):
        found, _ = rig.find(first + place, 4096, media.PAIR_SEED, place - 9000, place + 9000)
        if found is None:
            return None
        offsets.append(first + place - found)
    gap = round(offsets[1] - offsets[0])
    at = round(joint + offsets[0])
    left, _ = hear.sides(words[at - 3000:at + 3000 + max(0, gap)])
    silent = max((length for _, length in hear.silences(left, 32, 20)), default=0)
    return gap, silent


def listen_to_pair(rig, ear, player, names):
    ear.forget()
    at = ear.frames
    if player.name == 'segued':
        skill = Skill(rig, names)
        player.call('Launch', f"('{skill.url}',)", f'{players.SEGUE}.Conversation')
    else:
        player.join(*(rig.url(name) for name in names))
    first = wait_sound(ear, at, 10)
    ear.wait_frames(first + sum(media.PAIR_FRAMES))
    wait_silent(ear)
    player.stop()
    if player.name == 'segued':
        skill.end()
    return ear.words(first - 1000)


def measure_gap(rig, table):
    kinds = {'flac': ('code1.flac', 'code2.flac'), 'mp3': ('a.mp3', 'b.mp3'), 'm4a': ('a.m4a', 'b.m4a'),
             'opus': ('a.opus', 'b.opus'), 'ogg': ('a.ogg', 'b.ogg')}
    names = {'flac': 'FLAC', 'mp3': 'MP3', 'm4a': 'M4A', 'opus': 'Opus', 'ogg': 'Vorbis'}
    if rig.options.quick:
        kinds = {'flac': kinds['flac']}
    rig.media.make(name for pair in kinds.values() for name in pair)
    ear = rig.make_ear()
    everybody = rig.make_players(players.Segued, players.Bare)
    for kind, pair in kinds.items():
        gaps, silent = {}, {}
        for player in everybody:
            say(f'joins: {kind}, {player.name}')
            try:
                words = listen_to_pair(rig, ear, player, pair)
                found = coded_join(words) if kind == 'flac' else noise_join(rig, words)
                if found is None:
                    gaps[player.name] = 'not known'
                else:
                    gaps[player.name], silent[player.name] = found
            except (TimeoutError, RuntimeError) as error:
                gaps[player.name] = f'failed: {error}'
                player.stop()
        table.add('gap', f'lost (−) or added, {names[kind]}', 'frames', gaps, at_most(0), digits=0)
        table.add('gap', f'silence, {names[kind]}', 'frames', silent, at_most(0), digits=0)
    for player in everybody:
        player.end()
    ear.close()


# --- starts at an offset ---

class Landing:
    """What is heard first after a start at an offset."""

    def __init__(self, rig, ear):
        self.rig = rig
        self.ear = ear

    def play(self, player, url, seconds, patience):
        """(frame at the ear, when the command was sent)"""
        at = self.ear.frames
        sent = player.play(url, seconds)
        first = wait_sound(self.ear, at, patience)
        self.ear.wait_frames(first + BEHIND + WINDOW + 100)
        return first, sent

    def place_of_code(self, first, number):
        words = self.ear.words(first, first + BEHIND)
        for i, word in enumerate(words):
            if word >> MARK == number and words[min(i + 1, BEHIND - 1)] == word + 1:
                return (word & PLACE) - i
        return None

    def place_of_noise(self, first, seed, near):
        """near: pairs of places, in seconds, between which to look, one after the other."""
        self.rig.keep(self.ear.words(first, first + BEHIND + WINDOW))
        for begin, end in near:
            place, _ = self.rig.find(BEHIND, WINDOW, seed, begin * hear.RATE, end * hear.RATE)
            if place is not None:
                return place - BEHIND
        return None


OFFSET_SECONDS = 12.345
OFFSET_FILES = (('FLAC', 'place.flac'), ('WAV', 'place.wav'), ('MP3 CBR', 'offset-cbr.mp3'),
                ('MP3 VBR with Xing', 'offset-vbr.mp3'), ('MP3 VBR without Xing', 'offset-untagged.mp3'),
                ('M4A', 'offset.m4a'), ('Ogg Vorbis', 'offset.ogg'), ('Opus', 'offset.opus'))


def error_ms(landing, name, first, seconds, seed, near):
    if name.startswith(('place', 'hourcode')):
        place = landing.place_of_code(first, 3 if name.startswith('place') else 4)
    else:
        place = landing.place_of_noise(first, seed, near)
    if place is None:
        return 'elsewhere'
    # nothing says whether the lead-in is music: time may count from its beginning or from its end
    places = (place, place + media.LEAD_IN) if 'untagged' in name else (place,)
    return min(((at / hear.RATE - seconds) * 1e3 for at in places), key=abs)


def measure_offset(rig, table):
    files = OFFSET_FILES[:2] if rig.options.quick else OFFSET_FILES
    rig.media.make(name for _, name in files)
    ear = rig.make_ear()
    landing = Landing(rig, ear)
    everybody = rig.make_players(players.Segued, players.Bare)
    for label, name in files:
        errors, seeks = {}, {}
        for player in everybody:
            say(f'start at an offset: {label}, {player.name}')
            ear.forget()
            near = ((OFFSET_SECONDS - 2, OFFSET_SECONDS + 2), (0, media.OFFSET_SECONDS))
            try:
                first, _ = landing.play(player, rig.url(name), OFFSET_SECONDS, 10)
                errors[player.name] = error_ms(landing, name, first, OFFSET_SECONDS, media.OFFSET_SEED, near)
                if hasattr(player, 'seek') and name.startswith('place'):
                    seeks[player.name] = seek_error(landing, player)
            except (TimeoutError, RuntimeError) as error:
                errors[player.name] = f'failed: {error}'
            player.stop()
            wait_silent(ear)
        table.add('offset', label, 'ms', errors, at_most(0.03))
        if seeks:
            table.add('offset', f'{label}, seek while it plays', 'ms', seeks, at_most(0.03))
    for player in everybody:
        player.end()
    ear.close()


def clean_frames(words, places):
    """Indices of frames that go on from the one before, within a range of places."""
    return [i for i in range(1, len(words)) if words[i] >> MARK == 3 and words[i] == words[i - 1] + 1
            and (words[i] & PLACE) in places]


def seek_error(landing, player):
    """Seek while coded frames play: the place that the new line of frames, traced back through the
    fade, has at the first frame after the last clean one of the old line."""
    ear, seconds = landing.ear, 5.432
    at = ear.frames
    player.seek(seconds)
    target = round(seconds * hear.RATE)
    near = range(target, target + 5 * hear.RATE)
    new = []
    while not new and ear.frames < at + 5 * hear.RATE:
        ear.wait_frames(ear.frames + hear.RATE // 2)
        words = ear.words(at)
        new = clean_frames(words, near)
    old = [i for i in clean_frames(words, range(near.stop, 1 << MARK)) if new and i < new[0]]
    if not old:
        return 'elsewhere'
    silent = [first + length for first, length in hear.silences(hear.sides(words)[1], 8, NOTHING)
              if old[-1] < first + length <= new[0]]
    begin = silent[-1] if silent else old[-1] + 1
    return (((words[new[0]] & PLACE) - (new[0] - begin)) / hear.RATE - seconds) * 1e3


# --- an hour ---

DEEP_SECONDS = 3000.0
DEEP_FILES = (('FLAC', 'hourcode.flac'), ('MP3 CBR', 'hour-cbr.mp3'),
              ('MP3 VBR without Xing', 'hour-untagged.mp3'), ('M4A', 'hour.m4a'),
              ('Ogg Vorbis', 'hour.ogg'), ('Opus', 'hour.opus'))


def measure_deep(rig, table):
    say('an hour in six formats (made once)')
    files = DEEP_FILES[:1] if rig.options.quick else DEEP_FILES
    rig.media.make(name for _, name in files)
    ear = rig.make_ear()
    landing = Landing(rig, ear)
    everybody = rig.make_players(players.Segued, players.Bare)
    near = ((DEEP_SECONDS - 2, DEEP_SECONDS + 2), (DEEP_SECONDS - 60, DEEP_SECONDS + 60), (0, 30))
    for label, name in files:
        errors, times, fetched = {}, {}, {}
        for player in everybody:
            say(f'start at 50 min: {label}, {player.name}')
            ear.forget()
            tag = f'deep-{player.name}-{name.replace(".", "-")}'
            try:
                first, sent = landing.play(player, rig.url(name, tag=tag), DEEP_SECONDS, 12)
                fetched[player.name] = rig.sent(tag) / 1e6
                errors[player.name] = error_ms(landing, name, first, DEEP_SECONDS, media.HOUR_SEED, near)
                times[player.name] = (ear.time_of(first) - sent) / 1e6
            except (TimeoutError, RuntimeError) as error:
                errors[player.name] = times[player.name] = f'failed: {error}'
            player.stop()
            wait_silent(ear)
        table.add('deep', f'{label}: error', 'ms', errors, at_most(0.03))
        table.add('deep', f'{label}: to audible', 'ms', times, fastest(errors))
        table.add('deep', f'{label}: fetched', 'MB', fetched, Goal())
    for player in everybody:
        player.end()
    ear.close()


def fastest(errors):
    """No slower than the fastest of those that are right to 50 ms."""
    right = [name for name, error in errors.items()
             if name != 'segued' and not isinstance(error, str) and abs(error) <= 50]

    def test(medians):
        return medians['segued'] <= min(medians[name] for name in right) if right else True
    return Goal('≤ the best that is within 50 ms', test)


# --- position ---

POSITION_SECONDS = 6


def errors_of_position(ear, asked):
    """Reported − heard, in ms, of (ns, seconds) pairs."""
    errors = []
    for ns, seconds in asked:
        frame = ear.frame_at(ns)
        word = ear.words(int(frame), int(frame) + 1)[0]
        if word >> MARK == 3 and seconds == seconds:
            errors.append((seconds - ((word & PLACE) + frame % 1) / hear.RATE) * 1e3)
    return errors


def follow_position(rig, ear, player, seconds):
    """Errors in ms, and how often it ran backwards."""
    chance = random.Random(1)
    at = ear.frames
    player.play(rig.url('place.flac'), 1.0)
    wait_sound(ear, at, 10)
    asked, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(chance.uniform(0.01, 0.07))
        asked.append(player.position())
    errors = errors_of_position(ear, asked)
    if not errors:
        raise RuntimeError('not bit exact')
    return errors, sum(b[1] < a[1] for a, b in zip(asked, asked[1:]))


def measure_position(rig, table):
    rig.media.make(['place.flac'])
    ear = rig.make_ear()
    everybody = rig.make_players(players.Segued, players.Bare)
    middle, worst, paused, back = {}, {}, {}, {}
    for player in everybody:
        say(f'position: {player.name}')
        ear.forget()
        try:
            errors, back[player.name] = follow_position(
                rig, ear, player, POSITION_SECONDS / (4 if rig.options.quick else 1))
            middle[player.name] = errors
            worst[player.name] = max(errors, key=abs)
            paused[player.name] = error_of_pause(ear, player)
        except (TimeoutError, RuntimeError) as error:
            middle[player.name] = f'failed: {error}'
        player.stop()
        wait_silent(ear)
    table.add('position', 'median (farthest)', 'ms', middle, at_most(0.2))
    table.add('position', 'worst', 'ms', worst, at_most(1))
    table.add('position', 'times it ran backwards', '', back, at_most(0), digits=0)
    table.add('position', 'paused: reported − first sample after it', 'ms', paused, at_most(0.03))
    for player in everybody:
        player.end()
    ear.close()


def error_of_pause(ear, player):
    """Against the first unfaded frame after the pause, counted back along the fade."""
    player.pause()
    wait_silent(ear)
    time.sleep(0.1)
    told = player.position()[1]
    at = ear.frames
    player.resume()
    first = wait_sound(ear, at, 10)
    ear.wait_frames(first + 2000)
    words = ear.words(first, first + 2000)
    for i in range(600, 2000 - 1):
        if words[i] >> MARK == 3 and words[i + 1] == words[i] + 1:
            return (told - ((words[i] & PLACE) - i) / hear.RATE) * 1e3
    return 'not heard'

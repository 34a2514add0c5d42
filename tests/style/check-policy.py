#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""Each method of the interfaces has one right in the policy of the system bus: look, control or inject.

usage: check-policy.py POLICY XML...          Prints TAP."""
import sys
import xml.etree.ElementTree as ElementTree

CONTROL, INJECT = '@group@', '@inject_group@'
LOOK = 'everybody'
NAME = 'org.segue.Segue1'
# What makes the device do what no configuration knows of.
INJECTS = {'PlayUrl', 'PlayStream', 'RenewUrl', 'OpenUri', 'HandleResponse'}

policy, *interfaces = sys.argv[1:]
root = ElementTree.parse(policy).getroot()
failures = 0


def report(number, title, faults):
    global failures
    failures += bool(faults)
    print(f"{'not ' if faults else ''}ok {number} {title}")
    for fault in faults:
        print(f'# {fault}')


def rules(kind):
    for section in root.findall('policy'):
        who = section.get('group') or (LOOK if section.get('context') == 'default' else None)
        for rule in section.findall(kind):
            if who is not None and rule.get('send_destination'):
                yield who, rule.get('send_interface'), rule.get('send_member')


def rights_of(interface, method):
    return sorted({who for who, one, member in rules('allow')
                   if one == interface and member in (None, method)})


methods = [(interface.get('name'), method.get('name'))
           for path in interfaces for interface in ElementTree.parse(path).getroot().iter('interface')
           for method in interface.findall('method')]
allowed = [(one, member) for _, one, member in rules('allow') if one is not None]
print('1..5')
report(1, 'each method has exactly one right',
       [f'{interface}.{method}: {rights or "none"}' for interface, method in methods
        if len(rights := rights_of(interface, method)) != 1] or ([] if methods else ['no methods']))
report(2, 'what injects is for those who may inject',
       [f'{interface}.{method}: {rights_of(interface, method)}' for interface, method in methods
        if (rights_of(interface, method) == [INJECT]) != (method in INJECTS)])
report(3, 'there is no rule for a method that is not there',
       [f'{one}.{member}' for one, member in allowed
        if not one.startswith('org.freedesktop.DBus') and member is not None
        and (one, member) not in methods])
report(4, 'nobody may do what is not named',
       [] if (LOOK, None, None) in rules('deny') and not any(
           one is None for who, one, _ in rules('allow')) else ['no rule denies all', str(list(rules('deny')))])
report(5, 'everybody may read properties, and only some may set them',
       [] if rights_of('org.freedesktop.DBus.Properties', 'Get') == [LOOK]
       and rights_of('org.freedesktop.DBus.Properties', 'Set') == [CONTROL]
       else [str(list(rules('allow')))])
sys.exit(failures > 0)

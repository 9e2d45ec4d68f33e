"""A small screen reader: reads the window through AT-SPI, presses a button, hears an announcement.

Run with the system's Python (it has the bindings) by ``test_ui_screen_reader``; prints JSON.
"""

import json
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402


def application():
    for _ in range(200):
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(index)
            if child is not None and "idiolect" in (child.get_name() or "").lower() and child.get_child_count():
                return child
        time.sleep(0.1)
    sys.exit("the app did not appear on the accessibility bus")


def walk(node, depth=0):
    yield node
    if depth < 40:
        for index in range(node.get_child_count()):
            child = node.get_child_at_index(index)
            if child is not None:
                yield from walk(child, depth + 1)


def showing(node):
    return node.get_state_set().contains(Atspi.StateType.SHOWING)


def find(root, role, name):
    return next((n for n in walk(root) if n.get_role_name() == role and n.get_name() == name and showing(n)), None)


heard = []
Atspi.EventListener.new(lambda event: heard.append(str(event.any_data))).register("object:announcement")
root = application()
nodes = [
    {"role": n.get_role_name(), "name": n.get_name(), "description": n.get_description(),
     "focusable": n.get_state_set().contains(Atspi.StateType.FOCUSABLE)}
    for n in walk(root) if showing(n)
]  # fmt: skip
editor = find(root, "text", "Your text")
talk = find(root, "push button", "Speak") or find(root, "button", "Speak")
settings = next(n for n in walk(root) if n.get_name() == "Settings" and n.get_action_iface() is not None)
actions = [settings.get_action_name(i) for i in range(settings.get_n_actions())]
settings.do_action(next(i for i, action in enumerate(actions) if action in ("Press", "Toggle", "press", "toggle")))
time.sleep(0.5)
after = [n.get_name() for n in walk(root) if showing(n)]

loop = GLib.MainLoop()
GLib.timeout_add(2500, loop.quit)
loop.run()
print(json.dumps({
    "nodes": nodes, "after": after, "heard": heard, "actions": actions,
    "editor_is_editable": editor is not None and editor.get_state_set().contains(Atspi.StateType.EDITABLE),
    "talk": talk.get_description() if talk is not None else None,
}))  # fmt: skip

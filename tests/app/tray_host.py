"""A notification area for the tests: the smallest that X11 programs dock into. Prints a line when it is there.

https://specifications.freedesktop.org/systemtray-spec/
"""

from Xlib import X, display
from Xlib.protocol import event

server = display.Display()
root = server.screen().root
panel = root.create_window(0, 860, 200, 40, 0, server.screen().root_depth, override_redirect=True)
panel.map()
tray = server.intern_atom("_NET_SYSTEM_TRAY_S0")
opcode = server.intern_atom("_NET_SYSTEM_TRAY_OPCODE")
panel.set_selection_owner(tray, X.CurrentTime)
manager = event.ClientMessage(
    window=root, client_type=server.intern_atom("MANAGER"), data=(32, [X.CurrentTime, tray, panel.id, 0, 0])
)
root.send_event(manager, event_mask=X.StructureNotifyMask)
server.sync()
print("ready", flush=True)
while True:
    message = server.next_event()
    if message.type == X.ClientMessage and message.client_type == opcode and message.data[1][1] == 0:
        icon = server.create_resource_object("window", message.data[1][2])
        icon.reparent(panel, 4, 4)
        icon.configure(width=32, height=32)
        icon.map()
        server.sync()

# `hasattr` and `getattr` with a default, of slots that are empty and properties that raise; what the message calls the type.
class Outer:
    class Room:
        __slots__ = ("key", "door")

        def __init__(self):
            self.key = 1

        @property
        def view(self):
            return self.door


room = Outer.Room()
print(room.key, hasattr(room, "key"), hasattr(room, "door"), hasattr(room, "view"))
print(getattr(room, "door", "none"), getattr(room, "view", "none"), getattr(room, "key", "none"))
for work in (lambda: room.door, lambda: room.view, lambda: delattr(room, "door"), lambda: room.window):
    try:
        work()
    except AttributeError as e:
        print(e, e.name)

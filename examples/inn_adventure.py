"""A small adventure: rooms, things, locked doors, and a script of commands to play it."""

import sys


class Locked(Exception):
    pass


class Place:
    def __init__(self, name, text, *things):
        self.name, self.text, self.things, self.doors, self.locks = name, text, list(things), {}, {}

    def door(self, way, other, back, lock=None):
        self.doors[way], other.doors[back] = other, self
        if lock:
            self.locks[way] = lock
        return self

    def go(self, way, carried):
        if way not in self.doors:
            raise LookupError(f"There is no way {way} from the {self.name}.")
        if (lock := self.locks.get(way)) and lock not in carried:
            raise Locked(f"The door {way} is locked; it wants the {lock}.")
        return self.doors[way]

    def __str__(self):
        things = f" Here: {', '.join(sorted(self.things))}." if self.things else ""
        return f"{self.name.upper()}. {self.text} Ways: {', '.join(sorted(self.doors))}.{things}"


class Game:
    def __init__(self):
        gate = Place("gate", "Snow lies on the roof.", "lantern")
        hall = Place("hall", "A board with a hundred hooks.", "pine key", "ledger")
        bath = Place("bath", "Steam over dark stones.", "moon key")
        pine = Place("pine room", "Tatami, and a view of the hill.", "tea")
        moon = Place("moon room", "The window is round.", "letter")
        gate.door("north", hall, "south")
        hall.door("east", bath, "west").door("up", pine, "down", lock="pine key")
        pine.door("east", moon, "west", lock="moon key")
        self.place, self.carried, self.moves = gate, [], 0

    def play(self, line):
        self.moves += 1
        match line.lower().split():
            case ["look"]:
                return str(self.place)
            case ["go", way] | [("north" | "south" | "east" | "west" | "up" | "down") as way]:
                self.place = self.place.go(way, self.carried)
                return str(self.place)
            case ["take", *words] if (thing := " ".join(words)) in self.place.things:
                self.place.things.remove(thing)
                self.carried.append(thing)
                return f"You take the {thing}."
            case ["drop", *words] if (thing := " ".join(words)) in self.carried:
                self.carried.remove(thing)
                self.place.things.append(thing)
                return f"You put the {thing} down."
            case ["take" | "drop", *words]:
                return f"There is no {' '.join(words) or 'such thing'} to {line.split()[0]}."
            case ["bag"]:
                return "You carry: " + (", ".join(self.carried) or "nothing") + "."
            case []:
                return "Silence."
            case _:
                return f"Nobody here understands {line!r}."


WALK = """look;north;up;take pine key;take moon key;up;east;down;east;take moon key;bag;west;up;
drop pine key;east;take letter;sing;west;go through wall;go west;down;drop letter;look;bag"""

if __name__ == "__main__":
    game = Game()
    lines = sys.stdin if "-" in sys.argv[1:] else WALK.replace("\n", "").split(";")
    for line in lines:
        line = line.strip()
        try:
            answer = game.play(line)
        except (LookupError, Locked) as e:
            answer = e.args[0]
        print(f"> {line}\n{answer}")
    print(f"({game.moves} moves)")

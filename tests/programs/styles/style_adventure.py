"""A text adventure: rooms, things, verbs found by name, a script of commands, saving and loading."""
import copy
import sys


class Thing:
    def __init__(self, name, text, heavy=False, opens=None, inside=()):
        self.name, self.text, self.heavy, self.opens, self.inside = name, text, heavy, opens, list(inside)

    def __str__(self):
        return self.name


class Room:
    def __init__(self, name, text):
        self.name, self.text, self.doors, self.things, self.locked = name, text, {}, [], {}
        self.seen = False


OPPOSITE = {"north": "south", "east": "west", "up": "down"}
OPPOSITE |= {there: here for here, there in OPPOSITE.items()}


class World:
    def __init__(self):
        self.rooms, self.bag, self.score, self.turns, self.over = {}, [], 0, 0, False
        self.room = None

    def make(self, name, text, *things):
        room = self.rooms[name] = Room(name, text)
        room.things.extend(things)
        self.room = self.room or room
        return room

    def join(self, a, direction, b, locked=None):
        a.doors[direction], b.doors[OPPOSITE[direction]] = b, a
        if locked:
            a.locked[direction] = b.locked[OPPOSITE[direction]] = locked


class Game:
    SHORT = {"n": "north", "s": "south", "e": "east", "w": "west", "u": "up", "d": "down", "i": "inventory", "l": "look", "x": "examine", "get": "take"}

    def __init__(self, world):
        self.world, self.saved, self.lines = world, {}, []

    def say(self, *words):
        self.lines.append(" ".join(map(str, words)))

    def do(self, command):
        words = command.lower().split()
        if not words:
            return
        verb, *rest = [self.SHORT.get(word, word) for word in words]
        rest = [word for word in rest if word not in ("the", "a", "with", "at")]
        if verb in OPPOSITE:
            verb, rest = "go", [verb]
        action = getattr(self, "do_" + verb, None)
        self.world.turns += 1
        if action is None:
            self.say(f"Nobody knows how to {verb}.")
            return
        try:
            action(*rest)
        except TypeError:
            self.say(f"{verb.capitalize()} what?" if not rest else "That is too much at once.")

    def find(self, name, *places):
        for place in places or (self.world.room.things, self.world.bag):
            for thing in place:
                if thing.name.split()[-1] == name:
                    return thing
        self.say(f"There is no {name} here.")
        return None

    def do_look(self):
        room = self.world.room
        self.say(f"-- {room.name} --")
        self.say(room.text)
        for thing in room.things:
            self.say(f"  There is {thing} here.")
        self.say("Ways:", ", ".join(sorted(room.doors)))

    def do_go(self, direction):
        room = self.world.room
        if direction not in room.doors:
            self.say("There is no way.")
        elif direction in room.locked:
            self.say(f"The door is locked by {room.locked[direction]}.")
        else:
            self.world.room = room.doors[direction]
            if self.world.room.seen:
                self.say(f"-- {self.world.room.name} --")
            else:
                self.world.room.seen = True
                self.world.score += 5
                self.do_look()

    def do_take(self, name):
        if name == "all":
            for thing in list(self.world.room.things):
                self.do_take(thing.name.split()[-1])
            return
        if thing := self.find(name, self.world.room.things):
            if thing.heavy:
                self.say(f"{thing.name.capitalize()} is too heavy.")
                return
            self.world.room.things.remove(thing)
            self.world.bag.append(thing)
            self.world.score += 2
            self.say(f"Taken: {thing}.")

    def do_drop(self, name):
        if thing := self.find(name, self.world.bag):
            self.world.bag.remove(thing)
            self.world.room.things.append(thing)
            self.say("Dropped.")

    def do_examine(self, name):
        if thing := self.find(name):
            self.say(thing.text)
            if thing.inside:
                self.say("In it:", ", ".join(map(str, thing.inside)))
                self.world.room.things.extend(thing.inside)
                thing.inside.clear()

    def do_unlock(self, direction, name="key"):
        room, thing = self.world.room, self.find(name, self.world.bag)
        if thing and room.locked.get(direction) == thing.opens and thing.opens:
            other = room.doors[direction]
            del room.locked[direction], other.locked[OPPOSITE[direction]]
            self.say("Click.")
            self.world.score += 10
        elif thing:
            self.say("It does not fit.")

    def do_inventory(self):
        self.say("You have", ", ".join(map(str, self.world.bag)) or "nothing", end := ".") if self.world.bag else self.say("You have nothing.")

    def do_save(self, name="game"):
        self.saved[name] = copy.deepcopy(self.world)
        self.say(f"Saved as {name}.")

    def do_load(self, name="game"):
        if name in self.saved:
            self.world = copy.deepcopy(self.saved[name])
            self.say(f"Back at turn {self.world.turns}.")
        else:
            self.say("There is no such game.")

    def do_score(self):
        self.say(f"{self.world.score} points in {self.world.turns} turns.")

    def do_quit(self):
        self.world.over = True
        self.do_score()


def inn():
    world = World()
    yard = world.make("the yard", "Rain falls on the stones.", Thing("a lantern", "It is lit."), Thing("a millstone", "It has lain here for ever.", heavy=True))
    hall = world.make("the hall", "A fire burns low.", Thing("an old chest", "It creaks.", heavy=True, inside=[Thing("a brass key", "It is cold.", opens="a brass lock")]))
    stair = world.make("the stair", "Each step complains.")
    room = world.make("the room", "Somebody else's room, once.", Thing("a letter", "It says: the last guest takes the key along."))
    world.join(yard, "north", hall)
    world.join(hall, "up", stair)
    world.join(stair, "east", room, "a brass lock")
    yard.seen = True
    return world


COMMANDS = """look; x lantern; take millstone; get all; i; n; take key; x chest; take the brass key; take key; u; e; unlock east with key; save before; e; take letter; x letter; score; dance; go; n; s; w; d; s; drop lantern; look;
load before; i; unlock east; unlock up; x moon; load after; drop key; unlock east; take; quit""".replace("\n", " ").split(";")

for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
    game = Game(inn())
    for command in COMMANDS:
        game.say(">", command.strip())
        game.do(command)
print(*game.lines, sep="\n")

"""A text adventure with dataclasses, enums and structural matching; the moves are given."""
from __future__ import annotations

from dataclasses import dataclass, field, asdict, replace, FrozenInstanceError, fields
from enum import Enum, Flag, IntEnum, StrEnum, auto, unique


class Direction(Enum):
    NORTH = (0, -1)
    SOUTH = (0, 1)
    EAST = (1, 0)
    WEST = (-1, 0)

    @property
    def opposite(self) -> Direction:
        x, y = self.value
        return Direction((-x, -y))

    @classmethod
    def _missing_(cls, value):
        if isinstance(value, str):
            for member in cls:
                if member.name.lower().startswith(value.lower()):
                    return member
        return None


class Trait(Flag):
    NONE = 0
    TAKEABLE = auto()
    LIGHT = auto()
    EDIBLE = auto()
    LAMP = TAKEABLE | LIGHT


class Mood(StrEnum):
    CALM = auto()
    TENSE = auto()


@unique
class Level(IntEnum):
    EASY = 1
    HARD = 2


@dataclass(frozen=True, order=True)
class Item:
    name: str
    weight: int = 1
    traits: Trait = field(default=Trait.TAKEABLE, compare=False, repr=False)


@dataclass
class Room:
    name: str
    text: str
    items: list[Item] = field(default_factory=list)
    exits: dict[Direction, Room] = field(default_factory=dict, repr=False)
    dark: bool = False

    def connect(self, way: Direction, other: Room) -> None:
        self.exits[way] = other
        other.exits[way.opposite] = self


@dataclass(slots=True, kw_only=True)
class Player:
    here: Room
    bag: list[Item] = field(default_factory=list)
    moves: int = 0
    mood: Mood = Mood.CALM
    limit: int = field(default=4, metadata={"unit": "stone"})

    def __post_init__(self):
        if self.limit <= 0:
            raise ValueError(f"limit must be positive, not {self.limit}")

    @property
    def load(self):
        return sum(item.weight for item in self.bag)


def look(player):
    if player.here.dark and not any(Trait.LIGHT in item.traits for item in player.bag):
        player.mood = Mood.TENSE
        return "It is dark."
    player.mood = Mood.CALM
    names = ", ".join(sorted(i.name for i in player.here.items)) or "nothing"
    ways = "/".join(d.name.title() for d in player.here.exits)
    return f"{player.here.text} You see {names}. Ways: {ways}."


def find(items, name):
    return next((i for i in items if i.name == name), None)


def act(player, command):
    player.moves += 1
    match command.lower().split():
        case ["look" | "l"]:
            return look(player)
        case ["go", way] | [("n" | "s" | "e" | "w") as way]:
            try:
                direction = Direction(way)
            except ValueError as error:
                return f"({error})"
            if direction not in player.here.exits:
                return f"No way {direction.name.lower()}."
            player.here = player.here.exits[direction]
            return look(player)
        case ["take", "all"]:
            return " ".join(act(player, f"take {i.name}") for i in list(player.here.items)) or "Nothing here."
        case ["take", name]:
            match find(player.here.items, name):
                case None:
                    return f"No {name} here."
                case Item(traits=t) if Trait.TAKEABLE not in t:
                    return f"The {name} stays."
                case Item(weight=w) if w + player.load > player.limit:
                    return f"The {name} is too heavy."
                case item:
                    player.here.items.remove(item)
                    player.bag.append(item)
                    return f"Taken: {item}."
        case ["eat", name] if (item := find(player.bag, name)):
            if item.traits & Trait.EDIBLE:
                player.bag.remove(item)
                return "Tasty."
            return "Not food."
        case ["bag"]:
            return f"{[i.name for i in sorted(player.bag)]} ({player.load}/{player.limit})"
        case []:
            return "?"
        case [verb, *rest]:
            return f"I don't know how to {verb}" + (f" {' '.join(rest)}." if rest else ".")


def main():
    hall, cave, attic = Room("hall", "A hall."), Room("cave", "A cave.", dark=True), Room("attic", "An attic.")
    hall.connect(Direction.SOUTH, cave)
    hall.connect(Direction("no"), attic)
    hall.items += [Item("lamp", 2, Trait.LAMP), Item("statue", 9, Trait.NONE)]
    cave.items.append(Item("gold", 3))
    attic.items.append(Item("apple", traits=Trait.TAKEABLE | Trait.EDIBLE))
    player = Player(here=hall)
    for line in "look;go east;s;n;take all;bag;go up;n;take apple;eat apple;eat lamp;s;s;take gold;take hat;;dance a jig".split(";"):
        print(f"> {line}\n{act(player, line)} [{player.mood}]")
    print(player.moves, [f.name for f in fields(player)], Player.__slots__)
    apple = Item("apple")
    print(replace(apple, weight=5) > apple, asdict(apple), hash(apple) == hash(Item("apple", traits=Trait.LIGHT)))
    print(Room("x", "y"), Trait.LAMP, Trait.LAMP & ~Trait.LIGHT, list(Trait.LAMP), Level.HARD > Level.EASY, repr(Mood.CALM))
    for attempt in (
        lambda: setattr(apple, "name", "pear"),
        lambda: Player(here=hall, limit=0),
        lambda: Player(hall),
        lambda: setattr(player, "gold", 1),
        lambda: Item(),
        lambda: Trait(99),
        lambda: Level["MAD"],
    ):
        try:
            print(attempt())
        except (FrozenInstanceError, ValueError, TypeError, AttributeError, KeyError) as error:
            print(f"{type(error).__name__}: {error}")


main()

import ryokan


class Room:
    def __init__(self, name):
        self.name = name


east, west = Room("east"), Room("west")
east.door, west.door = west, east
print(ryokan.draw(east), end="")

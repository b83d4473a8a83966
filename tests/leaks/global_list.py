"""A list of the module that only grows."""


class Event:
    def __init__(self, number):
        self.number = number
        self.tags = [number, number + 1]


history = []


def handle(number):
    event = Event(number)
    history.append(event)


for number in range(5000):
    handle(number)

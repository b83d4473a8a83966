"""Cycles with a finalizer, and nobody who collects them."""

import gc

gc.disable()


class Owner:
    def __init__(self, number):
        self.data = [float(number)] * 50
        self.part = Part(self)

    def __del__(self):
        pass


class Part:
    def __init__(self, owner):
        self.owner = owner


for number in range(2000):
    Owner(number)

class Room:
    def __init__(self):
        self.capacity = 2


print(Room().capasity)

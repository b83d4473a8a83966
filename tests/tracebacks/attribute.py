class Room:
    pass


r = Room()
r.guest = [1, None, 3]
print(r.guest[1].name.upper())

import ryokan


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


p = Point(1, 2.5)
p.x += 1000
print(ryokan.draw(p), end="")

"""A callback that holds what its maker has read."""

callbacks = []


def register(name):
    rows = []
    for number in range(4000):
        rows.append({"name": name, "number": number})

    def callback():
        return len(rows)

    callbacks.append(callback)


register("first")

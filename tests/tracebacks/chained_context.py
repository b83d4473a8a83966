def load(d):
    try:
        return d["key"]
    except KeyError:
        return d[0][1]


load({})

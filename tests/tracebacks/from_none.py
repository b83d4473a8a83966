try:
    [][1]
except IndexError:
    raise ValueError("hidden context") from None

def room(name, size, *, view):
    return name


room("pine", 2, vew="sea")

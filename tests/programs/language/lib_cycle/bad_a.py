from .bad_b import thing

other = 1

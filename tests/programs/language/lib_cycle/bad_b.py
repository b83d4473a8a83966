from .bad_a import other

thing = 2

from . import up
from .up import name as up_name


def here():
    return __name__, __package__, up_name

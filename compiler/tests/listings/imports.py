import a, b.c, d.e as f
from g import h as i, j
from . import k
from ..l import *

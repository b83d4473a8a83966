from sys import getrefcounts

import sys


def depth(path, left):
    if left == 0:
        print(len(path))
        return path
    path.append(left)
    return depth(path, left - 1)


def use():
    way = []
    same = depth(way, 3)
    print(same is way, sys.getrefcount(way))
    del same
    print(sys.getrefcount(way))  #: way


use()

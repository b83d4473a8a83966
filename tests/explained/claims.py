import sys


def claims():
    pine = ["bed"]
    guest = pine
    print(sys.getrefcount(pine))  #: pine
    shelf = [pine, pine]
    print(sys.getrefcount(pine))  #: pine
    del shelf, guest
    print(sys.getrefcount(pine))  #: pine
    small, same = 256, 255 + 1
    print(small is same)
    large = int("1000")
    box = [large, large]
    print(box[0] is box[1] is large)
    word = "".join(["w", "tf"])
    print(word is sys.intern(word), word is "".join(["w", "tf"]))


claims()

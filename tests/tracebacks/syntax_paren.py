def f():
    print("never runs"


f()

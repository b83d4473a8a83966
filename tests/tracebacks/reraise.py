def work():
    try:
        {}["a"]
    except KeyError:
        clean()
        raise


def clean():
    pass


work()

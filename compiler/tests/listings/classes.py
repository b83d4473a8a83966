@deco
class A(B, metaclass=M):
    '''doc'''
    x: int = 1
    def __init__(self, v):
        self.v = v
        super().__init__()
    @property
    def p(self):
        return __class__
    __q = 1
    y = [i for i in range(3)]

class A:
    blech = 1

    def f(self):
        return blech


A().f()

is_main = __name__ == "__main__"
zzz = 1

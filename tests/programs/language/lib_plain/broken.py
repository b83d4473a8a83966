x = 1
raise RuntimeError("broken while running")

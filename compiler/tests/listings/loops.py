for x in y:
    if x:
        continue
    break
else:
    z
while True:
    a
    if b: break
for i in [1, 2]: pass

$PYTHON -u -b -c '
b"a" == "a"; b"a" != 1; bytearray(b"a") == "a"; bytearray() == 1; b"a" < b"b"
{b"a": 1}.get("a"); b"a" in ["a"]; 1 == b"a"; "a" != b"a"; b"a" == 1.5; b"a" == None
str(b"a"); f"{b""}"; "%s" % b""; "%r" % b""; str(bytearray()); "{}".format(b"x"); print(b"x")
def f(x, y): return x == y
for i in range(50): f("a", "b")
f("a", b"a")'

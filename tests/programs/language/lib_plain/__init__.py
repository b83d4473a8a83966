"A package for the import test."
print("lib_plain runs")
version = 3

$PYTHON -X tracemalloc=x -c 1

$PYTHON -X cpu_count=0 -c 1

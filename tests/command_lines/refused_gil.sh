$PYTHON -X gil=0 -c 1

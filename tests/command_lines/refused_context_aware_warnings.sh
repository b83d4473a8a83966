$PYTHON -X context_aware_warnings -c 1

$PYTHON -qi

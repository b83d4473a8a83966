$PYTHON -i -c '1/0'

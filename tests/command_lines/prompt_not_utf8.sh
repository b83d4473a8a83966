printf '"\377"\n2\n' | $PYTHON -qi

$PYTHON -c '
e = ValueError("x"); e.add_note("\udc80")
raise ExceptionGroup("g\ud801", [e, KeyError("\n\ud800é")])'

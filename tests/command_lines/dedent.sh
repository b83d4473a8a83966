$PYTHON -u -c '
	 if 1:
	     print("""a
	 
	   b""")
   
	 1/0 
   '

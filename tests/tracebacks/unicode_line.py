höhe = "größe"; größe = höhe + 1  # ünïcode

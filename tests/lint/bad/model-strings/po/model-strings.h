N_ ("Issue")

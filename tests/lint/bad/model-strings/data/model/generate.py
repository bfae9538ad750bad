print('N_ ("Task")')

int count(int number) { return number; }

"""What a question says: its names, years and concepts; which kind of question it is; which question of the FAQ it is."""

"""Small files of every format with what a person reads in them, and how near a reading comes to it."""

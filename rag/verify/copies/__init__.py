"""A near-copy: the words of the source, in their order and roles. Pure.

Owns: the lines that a sentence rests on, and what makes it differ from them. Knows nothing about verdicts.

Interface: ``align.align`` chooses the lines, ``near_copy.find_copied`` compares a sentence with them.
"""

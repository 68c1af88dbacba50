"""A metric that lacks a member, as one for another version of Footnote may: the rest of Footnote works."""


class MoodMetric:
    meanings = None

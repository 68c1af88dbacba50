"""The short answer of a question in another language than English and German. Pure.

Interface: ``answer.foreign_answer``.

Owns: which phrases of a sentence have the form of an answer in these languages, and when one is sure enough. A phrase
is shown only where the sentence is about what is asked and nothing else in it could be meant. Knows nothing about
retrieval or models.

    forms     the record of a language's forms
    spaced    the forms of French, Spanish, Russian and Arabic
    unspaced  those of Chinese, Japanese and Thai
    cover     how much of a question a sentence is about
    phrases   dates, amounts, names and places of a sentence
    in_place  what a sentence has where the question has its question word
    answer    the phrase that is shown
"""

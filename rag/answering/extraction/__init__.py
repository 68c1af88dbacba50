"""Taking out of documents what a summary, an overview, a list or a comparison is made of, in their own words.

Owns: choosing whole sentences, names and documents. Knows nothing about who writes the answer.

    word_lists   the words that rules about sentences and names go by, English and German
    standing     whether a sentence can be read without the one before it
    statements   the sentences of chunks that can be quoted by themselves
    passages     chunks as passages, and what is selected without a ranking
    scope        which documents or sections a topic names
    salience     the sentences that carry most
    names        the names of a kind: people, universities, cities
    collection   what is asked about the collection itself
    grouping     quotes under the documents that they stand in
"""

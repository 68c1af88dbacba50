"""Taking out of documents what a summary, an overview, a list or a comparison is made of, in their own words.

Owns: choosing whole sentences, names and documents. Knows nothing about who writes the answer.

Interface: a function a module, called by ``rag.answering.kinds``.

    scope             which documents or sections a topic names
    bearing           whether what was found bears on a topic at all
    statements        the sentences of chunks that can be quoted by themselves
    standing          whether a sentence can be read without the one before it
    salience          the sentences that carry most
    relevance         the sentences that bear on a question
    items             the list that a document itself has
    names             the names of a kind: people, universities, cities
    sides             the sentences of each side of a comparison
    collection        what is asked about the collection itself
    mentions          the documents that deal with a topic
    listed_documents  a list of documents, and many of them by folder
    grouping          quotes under the documents that they stand in
    passages          chunks as passages, and what is selected without a ranking
    word_lists        the words that these rules go by, English and German
    countries         the names of countries
"""

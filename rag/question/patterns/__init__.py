"""How questions, and what stands around them, are worded in English and German. Pure data.

Owns: the patterns. Decides nothing.

Interface: a tuple of patterns in each module, read by ``rag.question``.

Each module has a tuple of patterns that are matched at the beginning of a question on one line; their group ``topic``,
where they have one, is what the question is about.

    fragments     parts that several patterns share, and putting them in
    overview      questions about the documents as such
    summary       what something says in short
    listing       all things of a kind
    computation   sums, differences, ratios, growth
    how_to        steps to do something
    instructions  how to answer
    courtesy      greetings, lead-ins, thanks, signatures
"""

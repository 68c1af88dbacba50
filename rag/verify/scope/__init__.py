"""What stands around a sentence in its source and takes it back: denied, asked, supposed, reported, forbidden, ordered.

Owns: the frames, and finding the one that a sentence stands in. Pure. Knows nothing about verdicts.

Interface: ``find.find_frame(claim, place)``, with ``passage.places(comparison)``.

    frame        what a frame is, and how a table of frames is written
    vocabulary   words that many frames are made of
    english      the frames of a language; also german, further_languages
    frames       the frames of all languages, by the place in which they are looked for
    passage      where the words of a sentence stand in a source, and what stands around them
    quotations   words that a source only quotes
    find         the frame that a sentence stands in
"""

"""Files to documents: every format's parser, and the sandbox that they run in.

Owns: the canonical text of a file, its blocks and pages. Knows nothing about indexes or models.

Interface: ``loader.Loader.load(path, name)`` returns a ``Loaded``; ``walk.walk(root)`` lists the files of a folder;
``pdf`` gives the boxes of a span and the picture of a page.
"""

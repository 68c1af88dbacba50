"""Pictures of pages: scans, photos and screenshots, read by character recognition where tesseract is installed.

Owns: what a picture is recognised by, its frames, and making its letters fit to be read. Knows nothing about PDF.

    formats    the reader
    picture    frames to pages of text
    letters    a frame to dark letters on light ground, upright and large enough

Interface: the reader in ``formats``.
"""

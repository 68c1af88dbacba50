"""A reader that cannot be imported, as where a library is missing: the rest of Footnote works."""

import no_such_library


class HologramReader:
    media_type = no_such_library.MEDIA_TYPE

"""One model computes at a time.

Owns: the lock that the embedding model and the embedded language model share, and how their threads wait. Knows nothing
about what they compute. Two of them at once slow each other down on the few cores of a laptop.
"""

from __future__ import annotations

import os
import threading

# Waiting threads sleep instead of spinning. Beside other work, two spinning threads generated 4 characters a second
# where two sleeping ones gave 17 to 24, and encoded 5 to 8 texts a second instead of 13 to 18. The OpenMP library reads
# this when it is loaded, so it must be set before torch or xllamacpp is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

COMPUTE_LOCK = threading.Lock()

"""Which names and addresses can only mean this computer.

Owns: that. Knows nothing about servers or models.
"""

from __future__ import annotations

import ipaddress


def is_this_computer(host: str) -> bool:
    """Return whether an address or name can only mean this machine."""
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False

"""Hash passwords, and check one against a hash.

Owns: the algorithms, their parameters, and the form of a hash in the file of users. Knows nothing about users, files or
sessions.

New hashes are Argon2id with m = 46 MiB, t = 2, p = 1: twice the passes that the OWASP Password Storage Cheat Sheet asks
for at this memory. One takes 93 ms of a core (with m = 19 MiB, t = 2, p = 1: 30 ms). Older files hold scrypt hashes
(N = 2^15, r = 8, p = 3: 282 ms), which are still checked. Each hash names its parameters, so that they can be raised.

An entry of the file is one of

    {"algorithm": "argon2id", "hash": "$argon2id$v=19$m=47104,t=2,p=1$SALT$DIGEST"}
    {"algorithm": "scrypt", "n": 32768, "r": 8, "p": 3, "salt": "HEX", "hash": "HEX"}
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(memory_cost=46 * 1024, time_cost=2, parallelism=1)
_ARGON2ID = re.compile(r"\$argon2id\$v=19\$m=\d{1,7},t=\d{1,2},p=\d{1,2}\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+")
_SCRYPT_DIGEST_BYTES = 32
_SHORTEST_SALT_BYTES, _SHORTEST_DIGEST_BYTES = 8, 16


@dataclass(frozen=True, slots=True)
class Argon2Hash:
    """A password's Argon2id hash in the PHC string format, which names its parameters and salt."""

    encoded: str

    @property
    def outdated(self) -> bool:
        """Whether it was made with other parameters than new hashes are."""
        return _HASHER.check_needs_rehash(self.encoded)

    def matches(self, password: str) -> bool:
        """Return whether this is the hash of ``password``."""
        try:
            return _HASHER.verify(self.encoded, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False

    def entry(self) -> dict[str, object]:
        """Return the hash as it stands in the file of users."""
        return {"algorithm": "argon2id", "hash": self.encoded}


@dataclass(frozen=True, slots=True)
class ScryptHash:
    """A password's scrypt hash (RFC 7914) with the parameters and the salt it was made with."""

    n: int
    r: int
    p: int
    salt: bytes
    digest: bytes

    @property
    def outdated(self) -> bool:
        """Always true: new hashes are Argon2id."""
        return True

    def matches(self, password: str) -> bool:
        """Return whether this is the hash of ``password``."""
        maxmem = 256 * self.n * self.r
        digest = hashlib.scrypt(
            _bytes(password), salt=self.salt, n=self.n, r=self.r, p=self.p, maxmem=maxmem, dklen=len(self.digest)
        )
        return hmac.compare_digest(digest, self.digest)

    def entry(self) -> dict[str, object]:
        """Return the hash as it stands in the file of users."""
        parameters = {"algorithm": "scrypt", "n": self.n, "r": self.r, "p": self.p}
        return {**parameters, "salt": self.salt.hex(), "hash": self.digest.hex()}


PasswordHash = Argon2Hash | ScryptHash


def hash_password(password: str) -> PasswordHash:
    """Return a new hash of a password, with a salt of its own."""
    return Argon2Hash(_HASHER.hash(_bytes(password)))


def parse_hash(entry: Mapping[str, object]) -> PasswordHash:
    """Return the hash that an entry of the file of users holds.

    Args:
        entry: The entry; see the module.

    Returns:
        The hash, with parameters that one check can afford: whoever can write the file could otherwise make every
        attempt take gigabytes.

    Raises:
        ValueError: The entry is no hash of this program, or its parameters are out of bounds.
        KeyError: The entry lacks a field.
    """
    if entry["algorithm"] == "argon2id":
        return _parse_argon2(str(entry["hash"]))
    if entry["algorithm"] == "scrypt":
        return _parse_scrypt(entry)
    raise ValueError("no hash of this program")


def _parse_argon2(encoded: str) -> Argon2Hash:
    if not _ARGON2ID.fullmatch(encoded):
        raise ValueError("no Argon2id hash")
    parameters = extract_parameters(encoded)
    # The memory is counted in KiB: at most 1 GiB.
    affordable = 8 <= parameters.memory_cost <= 1 << 20 and 1 <= parameters.time_cost <= 16
    long_enough = parameters.salt_len >= _SHORTEST_SALT_BYTES and parameters.hash_len >= _SHORTEST_DIGEST_BYTES
    if not affordable or not 1 <= parameters.parallelism <= 16 or not long_enough:
        raise ValueError("an Argon2id hash with parameters out of bounds")
    return Argon2Hash(encoded)


def _parse_scrypt(entry: Mapping[str, object]) -> ScryptHash:
    n, r, p = (int(str(entry[key])) for key in ("n", "r", "p"))
    salt, digest = (bytes.fromhex(str(entry[key])) for key in ("salt", "hash"))
    affordable = 1 < n <= 1 << 20 and not n & (n - 1) and 1 <= r <= 32 and 1 <= p <= 16
    if not affordable or len(salt) < _SHORTEST_SALT_BYTES or len(digest) != _SCRYPT_DIGEST_BYTES:
        raise ValueError("a scrypt hash with parameters out of bounds")
    return ScryptHash(n, r, p, salt, digest)


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")

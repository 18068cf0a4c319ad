"""Secrets sealed by a passphrase; the standard library and one cipher, so that it works without settings.

`python -m tutela.upkeep.sealing FILE PASSPHRASE_FILE FOLDER` opens a file of keys on a machine that
cannot start yet, because it has none.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

FORMAT = "tutela keys 1"
SHORTEST = 16
SALT, NONCE, KEY = 16, 12, 32
# Guessing costs 32 MB and a twentieth of a second a try.
COST, BLOCK, LANES = 2**15, 8, 1


class SealError(ValueError):
    """The file is not ours, was changed, or the passphrase is another one."""


def seal(secrets: dict[str, str], passphrase: str) -> bytes:
    """Return a file that only the passphrase opens; changing a byte of it makes it worthless."""
    if len(passphrase) < SHORTEST:
        raise SealError(f"The passphrase must have at least {SHORTEST} characters.")
    salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    cipher = AESGCM(_key(passphrase, salt))
    sealed = cipher.encrypt(nonce, json.dumps(secrets).encode(), FORMAT.encode())
    parts = {"salt": salt, "nonce": nonce, "sealed": sealed}
    said = {name: base64.b64encode(part).decode() for name, part in parts.items()}
    return json.dumps({"format": FORMAT, **said}, indent=1).encode() + b"\n"


def unseal(file: bytes, passphrase: str) -> dict[str, str]:
    """Return the secrets by their names."""
    try:
        said = json.loads(file)
        salt, nonce, sealed = (base64.b64decode(said[name]) for name in ("salt", "nonce", "sealed"))
        known = said["format"] == FORMAT
    except (ValueError, KeyError, TypeError) as error:
        raise SealError("This is no file of keys.") from error
    if not known:
        raise SealError("This file of keys was written by another version.")
    try:
        opened = AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed, FORMAT.encode())
    except InvalidTag as error:
        raise SealError(
            "The passphrase does not open this file, or the file was changed."
        ) from error
    secrets: dict[str, str] = json.loads(opened)
    return secrets


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=KEY, n=COST, r=BLOCK, p=LANES).derive(passphrase.encode())


def lay_out(secrets: dict[str, str], folder: Path) -> list[str]:
    """Write each secret into a file of its own, as `<NAME>_FILE` wants it, and return the lines to set."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = []
    for name, secret in secrets.items():
        place = folder / name
        place.touch(mode=0o600)
        place.write_text(f"{secret}\n", encoding="utf-8")
        lines.append(f"{name}_FILE={place.resolve()}")
    return lines


def main(arguments: list[str]) -> None:
    """Open a file of keys and print what to set."""
    if len(arguments) != 3:  # noqa: PLR2004
        sys.exit("usage: python -m tutela.upkeep.sealing FILE PASSPHRASE_FILE FOLDER")
    file, passphrase, folder = map(Path, arguments)
    try:
        secrets = unseal(file.read_bytes(), passphrase.read_text(encoding="utf-8").strip())
        lines = lay_out(secrets, folder)
    except (SealError, OSError) as error:
        sys.exit(str(error))
    print("\n".join(lines))  # noqa: T201  (a command)


if __name__ == "__main__":
    main(sys.argv[1:])

"""The code of a slip: 12 Crockford characters drawn at random, shown as `7K3Q-X9TF-2M4A`; pure.

In: what somebody typed or scanned, or a source of chance. Out: the code in its one normal form, or BadCode.
It is all that is needed to follow an answer, so it is 60 bits of chance: whoever tries a thousand codes a
second at a hub with a million slips meets one in 36 years.
"""

from __future__ import annotations

from link.label_code import ALPHABET, BadCode, Chance, plain

LENGTH = 12


def normalise(text: str) -> str:
    """The code that `text` means; raise BadCode (empty, letter, length). Written as freely as a label's."""
    symbols = plain(text)
    if len(symbols) != LENGTH:
        raise BadCode("length", str(len(symbols)))
    return symbols


def mint(chance: Chance) -> str:
    """A new code; `chance` is `random.SystemRandom()` wherever people get it."""
    return "".join(ALPHABET[chance.randrange(len(ALPHABET))] for _ in range(LENGTH))


def show(code: str) -> str:
    """The code as shown to people: `7K3Q-X9TF-2M4A`."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))

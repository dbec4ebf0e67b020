"""A QR code in the characters of a terminal. In: a text. Out: lines of half blocks with the quiet zone."""

from __future__ import annotations

import qrcode
from qrcode.constants import ERROR_CORRECT_M


def drawn(text: str, indent: str = "    ") -> str:
    """The QR code of `text`, two modules a character; black on white whatever the terminal's colours."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4, mask_pattern=2)
    code.add_data(text)
    code.make(fit=True)
    modules = code.get_matrix()
    if len(modules) % 2:
        modules.append([False] * len(modules[0]))
    return "\n".join(
        indent + "\x1b[30;107m" + "".join(_BLOCK[pair] for pair in zip(upper, lower, strict=True)) + "\x1b[0m"
        for upper, lower in zip(modules[::2], modules[1::2], strict=True)
    )


_BLOCK = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}

"""The file of a receipt: what it may be, and how it is found out what it is. Pure."""

from services.errors import InvalidInputError

MOST_MEGABYTES = 4
MOST_BYTES = MOST_MEGABYTES * 1024 * 1024
# What a file is, by how it begins: its name says nothing that counts.
_BEGINNINGS = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def media_type(content: bytes) -> str:
    """What kind of file it is. Raises InvalidInputError for one that cannot be a receipt here."""
    if len(content) > MOST_BYTES:
        says = f"This file is over {MOST_MEGABYTES} MB. Take a smaller picture of the receipt."
        raise InvalidInputError({"receipt": says})
    for beginning, found in _BEGINNINGS.items():
        if content.startswith(beginning):
            return found
    raise InvalidInputError({"receipt": "Choose a PDF, or a picture as JPEG or PNG."})

"""Keeps participants out of the server's access log: no link, no address, no time of day."""

import logging

PRIVATE = ("/f/", "/exit")


def leave_out_public_pages() -> None:
    """Say nothing about requests for participants' pages, however the server is started."""
    logging.getLogger("uvicorn.access").addFilter(_is_for_the_log)


def _is_for_the_log(record: logging.LogRecord) -> bool:
    """Whether the request may be written down: the server gives its path as third of five."""
    match record.args:
        case (_, _, str(path), *_):
            return not path.lower().startswith(PRIVATE)
        case _:
            return True

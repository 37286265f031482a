"""Keeps whoever uses a public page out of the server's access log: no link, address or time."""

import logging

PRIVATE = ("/f/", "/m/", "/refer/", "/volunteer/", "/exit/", "/calendar/")


def leave_out_public_pages() -> None:
    """Say nothing about requests for the public pages, however the server is started."""
    logging.getLogger("uvicorn.access").addFilter(_is_for_the_log)


def _is_for_the_log(record: logging.LogRecord) -> bool:
    """Whether the request may be written down: the server gives its path as third of five."""
    match record.args:
        case (_, _, str(path), *_):
            bare = path.lower().partition("?")[0]
            return not f"{bare}/".startswith(PRIVATE)
        case _:
            return True

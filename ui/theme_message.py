"""What a browser is told of the theme at each click, put together once."""

from functools import cache
from typing import Final

from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

# Streamlit's own, by a name it may change: tests/code/test_theme.py would notice.
_fill: Final = app_session._populate_theme_msg  # noqa: SLF001


def put_together_once() -> None:
    """Let every run use what the first has made of the settings, until they are read anew.

    Streamlit walks some two hundred of them at each click, which cost 0.7 ms of the 2.4 ms of
    processor time that a blank page takes. See docs/decisions/0036.
    """
    app_session._populate_theme_msg = _copy  # noqa: SLF001
    config.on_config_parsed(_of_section.cache_clear, force_connect=True)


def _copy(msg: CustomThemeConfig, section: str = "theme") -> None:
    msg.MergeFrom(_of_section(section))


@cache
def _of_section(section: str) -> CustomThemeConfig:
    made = CustomThemeConfig()
    _fill(made, section)
    return made

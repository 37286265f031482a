"""Settings from the environment, each with a safe embedded default."""

from datetime import date
from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"


class Settings(BaseSettings):
    """What may differ between one installation and the next."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    database_url: str = Field(f"sqlite:///{DATA / 'alongside.sqlite3'}", alias="DATABASE_URL")
    data_key: str | None = Field(None, alias="ALONGSIDE_DATA_KEY", repr=False)
    cookie_key: str | None = Field(None, alias="ALONGSIDE_COOKIE_KEY", repr=False)
    today: date | None = Field(None, alias="ALONGSIDE_TODAY")

    @property
    def is_embedded(self) -> bool:
        """Whether the database is the file that comes with the programme."""
        return self.database_url.startswith("sqlite")

    @property
    def database_file(self) -> Path:
        """Where the embedded database lies."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def key_folder(self) -> Path:
        """Where generated keys are kept: beside the embedded database."""
        return self.database_file.parent if self.is_embedded else DATA


@cache
def settings() -> Settings:
    """The settings, read once."""
    return Settings()

"""What participants say about a session, without any trace of who said it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Referable, Versioned
from models.encryption import EncryptedJSON, EncryptedText


class FeedbackLink(Base):
    """The address behind a session's QR code, found again by its hash alone."""

    __tablename__ = "feedback_links"

    session_id: Mapped[int] = mapped_column(
        ForeignKey("group_sessions.id", ondelete="CASCADE"), index=True
    )
    token: Mapped[str] = mapped_column(EncryptedText)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # The version everybody answers: an edit made once the session has begun does not reach it.
    form: Mapped[str] = mapped_column(String(40))
    form_version: Mapped[int]
    opens_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class FeedbackAnswer(Base):
    """One form given in. No name, no address, no time of day."""

    __tablename__ = "feedback_answers"
    __table_args__ = (
        Index(None, "session_id"),
        Index(None, "same_as"),
        Index(
            "ix_feedback_answers_to_note",
            "received_on",
            sqlite_where=text("noted = 0"),
            postgresql_where=text("NOT noted"),
        ),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="RESTRICT"))
    form: Mapped[str] = mapped_column(String(40))
    form_version: Mapped[int]
    received_on: Mapped[date]
    # The blank form's own random number: pressing "send" twice counts once.
    form_number: Mapped[str] = mapped_column(String(64), unique=True)
    # A keyed hash of a code she made herself, if she wanted to: which answers are one person's.
    same_as: Mapped[str | None] = mapped_column(String(64))
    # Staff have had it before them, together with two others at least.
    shown: Mapped[bool] = mapped_column(default=False)
    # The audit log counts it: not before its day is over, or the log would say at what minute.
    noted: Mapped[bool] = mapped_column(default=False)
    answers: Mapped[dict[str, str | int | list[int] | None]] = mapped_column(EncryptedJSON)


class FeedbackInvitation(Base):
    """An address for one form, to be used once. For whom it was made is not kept.

    Nor is the order in which they were made, by which the audit log would say so.
    """

    __tablename__ = "feedback_invitations"
    __table_args__ = (Index(None, "session_id"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    is_used: Mapped[bool] = mapped_column(default=False)


class FeedbackDraft(Base):
    """A form she asked to keep for some hours, locked with a word that is not kept."""

    __tablename__ = "feedback_drafts"
    __table_args__ = (Index(None, "session_id"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(64), unique=True)
    # Encrypted under the form's own number, which is nowhere: no key of ours opens it.
    sealed: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class FeedbackAlert(Referable, Base):
    """Words that may mean danger, put before a practitioner by name; nobody knows whose."""

    __tablename__ = "feedback_alerts"
    # The list of what nobody has read yet, on the page of today.
    __table_args__ = (Index(None, "read_on", "session_id"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id", ondelete="CASCADE"))
    answer_id: Mapped[int] = mapped_column(
        ForeignKey("feedback_answers.id", ondelete="CASCADE"), unique=True
    )
    # Written in a language the list of phrases does not know: all her words are read.
    is_whole: Mapped[bool] = mapped_column(default=False)
    named_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    raised_on: Mapped[date]
    read_on: Mapped[date | None]
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))


class FeedbackReply(Referable, Versioned, Base):
    """You said, we did: what came up in a group, in the staff's own words, and what came of it."""

    __tablename__ = "feedback_replies"
    __table_args__ = (Index(None, "group_id"),)

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"))
    theme: Mapped[str] = mapped_column(EncryptedText)
    said: Mapped[str] = mapped_column(EncryptedText)
    did: Mapped[str | None] = mapped_column(EncryptedText)
    noted_on: Mapped[date]
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))


class FeedbackTheme(Referable, Versioned, Base):
    """One of the few things that what people write is about; a list the charity keeps itself."""

    __tablename__ = "feedback_themes"

    label: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int]
    is_active: Mapped[bool] = mapped_column(default=True)


class FeedbackTag(Base):
    """That somebody's own words on one question are about a theme."""

    __tablename__ = "feedback_tags"
    __table_args__ = (UniqueConstraint("answer_id", "question", "theme_id"),)

    answer_id: Mapped[int] = mapped_column(ForeignKey("feedback_answers.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(60))
    theme_id: Mapped[int] = mapped_column(
        ForeignKey("feedback_themes.id", ondelete="RESTRICT"), index=True
    )


class FeedbackQuote(Referable, Versioned, Base):
    """Words that may be quoted: with a yes on their own form, or a consent that stands.

    A consent that is given again is another row, so a quote never comes back by itself. Once
    withdrawn, its words are gone.
    """

    __tablename__ = "feedback_quotes"
    __table_args__ = (
        UniqueConstraint("answer_id", "question"),
        CheckConstraint("(answer_id IS NULL) != (consent_id IS NULL)", name="one_footing"),
        CheckConstraint("(answer_id IS NULL) = (question IS NULL)", name="answer_to_a_question"),
        CheckConstraint("(answer_id IS NULL) = (session_id IS NULL)", name="answer_of_a_session"),
        CheckConstraint("(withdrawn_on IS NULL) = (words IS NOT NULL)", name="no_words_left"),
        Index(None, "withdrawn_on", "chosen_on"),
        Index(None, "session_id"),
        Index(None, "consent_id"),
    )

    session_id: Mapped[int | None] = mapped_column(
        ForeignKey("group_sessions.id", ondelete="RESTRICT")
    )
    answer_id: Mapped[int | None] = mapped_column(
        ForeignKey("feedback_answers.id", ondelete="CASCADE")
    )
    question: Mapped[str | None] = mapped_column(String(60))
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consents.id", ondelete="CASCADE"))
    words: Mapped[str | None] = mapped_column(EncryptedText)
    chosen_on: Mapped[date]
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    withdrawn_on: Mapped[date | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="RESTRICT")
    )

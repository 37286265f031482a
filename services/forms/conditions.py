"""When a question is asked, in words."""

from services.forms.definition import FormDefinition
from services.forms.words import ENGLISH, spoken


def conditions(form: FormDefinition, language: str = ENGLISH) -> dict[str, str]:
    """For each question that not everybody is asked, the answers that bring it up."""
    asked = {question.key: question for question in form.questions}
    return {
        key: " / ".join(
            spoken(option.label, language)
            for option in asked[when.question].options
            if option.value in when.answers
        )
        for key, question in asked.items()
        if (when := question.shown_when)
    }

"""The parts of a long message in which a question may stand by itself."""

from hypothesis import given
from hypothesis import strategies as st

from data.questions.parts import parts


def test_what_ends_in_a_question_mark_comes_first() -> None:
    assert [part.text for part in parts("My town is small. How can we join? Thank you.")[:2]] == ["How can we join?", "Thank you."]


def test_clauses_follow_the_sentences() -> None:
    found = parts("Харків: його прийняли, чи ні?")
    assert found[-1] == ("Харків", False)


def test_a_message_of_one_clause_has_no_parts() -> None:
    assert parts("is Cork a member") == ()


@given(st.text(max_size=4096))
def test_any_text_has_parts_that_stand_in_it(text: str) -> None:
    assert all(part.text and len(part.text) <= len(text) + 1 for part in parts(text))

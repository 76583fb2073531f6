"""What the bot shows: pure functions from facts to a Screen.

Together with the command descriptions they are the only callers of gettext: `_ = reader.translate` before a sentence,
`reader.plural` before a number.
"""

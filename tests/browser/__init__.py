"""The playground driven as a person would, with Debian's Chromium. Not part of `make test`: `make browser` runs it."""

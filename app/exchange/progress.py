"""Says on standard error how far an import has come."""

from __future__ import annotations

from typing import Final, TextIO

EVERY: Final = 10_000
"""Lines between two messages where nobody watches: a log is read later, not live."""


class Progress:
    """A terminal sees one line that is written over; a log gets a line every 10,000 lines."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.live = stream.isatty()
        self.said = 0

    def tell(self, done: int, part: float | None) -> None:
        """So many lines are done, and so much of the file (0 to 1) where that is known."""
        if self.live:
            self._write(f"\r{_words(done, part)}\033[K")
        elif done // EVERY > self.said // EVERY:
            self._write(f"{_words(done, part)}\n")
        self.said = done

    def end(self) -> None:
        """What is written next stands on a line of its own."""
        if self.live and self.said:
            self._write("\n")
        self.said = 0

    def _write(self, words: str) -> None:
        self.stream.write(words)
        self.stream.flush()


def _words(done: int, part: float | None) -> str:
    return f"已处理 {done} 行" if part is None else f"已处理 {done} 行（{part:.0%}）"

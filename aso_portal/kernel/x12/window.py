"""A sliding view of a binary stream as text, one character a byte, so that places in it are byte offsets."""

from typing import BinaryIO

CHUNK = 256 * 1024


class Window:
    """`text` is what is in sight, `base` the file offset of its first character."""

    def __init__(self, stream: BinaryIO, chunk: int = CHUNK) -> None:
        self._stream = stream
        self._chunk = chunk
        self.text = ""
        self.base = 0
        self.ended = False
        self.grow(0)

    def grow(self, keep_from: int) -> bool:
        """Forget what stands before `keep_from` and read on. False when the stream has ended."""
        kept = self.text[keep_from:]
        self.base += keep_from
        data = b"" if self.ended else self._stream.read(self._chunk)
        if not data:
            self.ended = True
            self.text = kept
            return False
        self.text = kept + data.decode("latin-1")
        return True

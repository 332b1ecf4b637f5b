"""Every error that Crosspatch raises on purpose. In goes a fault, out comes one sentence that names it and its fix.

CrosspatchError                  anything the person or program that called us can mend
├── InvalidRequest               a value that cannot be read: a size, a seed, a labelling
│   └── Impossible               each value can be read, but together they cannot be done
├── UnreadablePicture            the bytes are not a picture that we read
└── PictureTooLarge              the picture exceeds a limit
"""


class CrosspatchError(Exception):
    """The base of all. Its text is meant to be shown to a person.

    `field` names the part of the request at fault, by its flat name (`width`, `truth_x`), or is None.
    """

    def __init__(self, text: str, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


class InvalidRequest(CrosspatchError, ValueError):
    """A value that cannot be read: a size, a seed, a labelling."""


class Impossible(InvalidRequest):
    """Each value can be read, but together they cannot be done: a rectangle larger than its picture."""


class UnreadablePicture(CrosspatchError, ValueError):
    """The bytes are not a picture that we read."""


class PictureTooLarge(CrosspatchError, ValueError):
    """The picture exceeds a limit in bytes, pixels or side."""

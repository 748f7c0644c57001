"""The error of `seqconv.load`."""


class SavedFileError(ValueError):
    """A file is not, or not wholly, what `save` wrote. The message names the file and the cause."""

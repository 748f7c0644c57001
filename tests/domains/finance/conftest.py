import pytest


@pytest.fixture
def put(tmp_path):
    """Write a file of text or bytes, and return its path."""

    def put(text, name="T.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return put

"""`python -m tests.notices.approve`: take the pages of all notices as they are now for right."""

from __future__ import annotations

import sys

from tests.notices.pictures import FOLDER, approve

if __name__ == "__main__":
    sys.stderr.write(f"{approve()} pages in {FOLDER.name}/; look at them before they are kept\n")

"""How many worlds each scene has: `python -m tests.composition`."""

import sys
import time

from tests.composition.exploring import explore
from tests.composition.scenes import SCENES

for name, scene in SCENES.items():
    begun = time.process_time()
    found = explore(scene.start, **scene.options())
    spent = time.process_time() - begun
    state = "; ".join(found.wrong) or f"{len(found.stuck())} stuck"
    sys.stdout.write(f"{len(found.ways):7} worlds, {state}, {spent:4.1f} s: {name}\n")

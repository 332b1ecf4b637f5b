"""What this process may take of memory. In go bytes on top of what it has, out comes a limit that the kernel holds.

What exceeds it fails with MemoryError where it is asked for; the process, and all else that it does, goes on.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path
from typing import Any

# A thread's stack counts whole, though little of it is used; NumPy, SciPy and Pillow were not seen to need 1 MiB.
_STACK_BYTES = 2 * 2**20


def limit_worker(more_bytes: int) -> None:
    """Let this process have `more_bytes` more than now. Where that cannot be known, nothing is limited."""
    monkey: Any = sys.modules.get("gevent.monkey")
    if monkey is not None:  # gevent's own function only ever makes stacks larger, for its greenlets once lived there
        monkey.get_original("_thread", "stack_size")(_STACK_BYTES)
    try:
        limit_data(data_bytes() + more_bytes)
    except (OSError, ValueError, StopIteration):  # no /proc, or a lower limit that others have set
        return


def limit_data(most_bytes: int) -> None:
    """Let this process have so much data: heap, private mappings, stacks. It may change its mind later."""
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, hard))


def data_bytes() -> int:
    """What this process has of its own now: what the kernel holds against RLIMIT_DATA."""
    with Path("/proc/self/status").open("rb") as status:
        return next(1024 * int(line.split()[1]) for line in status if line.startswith(b"VmData:"))

"""How fast is Crosspatch beside what others use? In go the same inputs for all, out comes benchmarks/RESULTS.md.

Every side runs on one thread, which is said here, before any library starts its threads.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "MAGICK_THREAD_LIMIT"):
    os.environ[_name] = "1"

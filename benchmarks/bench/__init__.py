"""How fast is Crosspatch beside what others use? In go the same inputs for all, out comes benchmarks/RESULTS.md."""

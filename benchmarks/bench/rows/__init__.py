"""One module for each row of the table of targets: `run(folder)` gives its Outcome."""

"""What all commands share on the command line:
the parser, arguments with units, and the flags that describe hardware."""

import crossbar

if not hasattr(crossbar, "Hardware"):
    raise ImportError(
        f"benchmarks needs the crossbar of spintronic-crossbar, but Python found another first: "
        f"{crossbar}; rename that or start in another folder, or, where it was "
        "installed with pip, give spintronic-crossbar an environment of its own"
    )

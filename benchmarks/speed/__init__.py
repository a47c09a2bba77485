"""How fast the solvers are, each against others
on one network in one run."""

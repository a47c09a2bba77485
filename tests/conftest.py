"""What holds for every test."""

from hypothesis import settings

# no deadline: the first example of a test may compile, on a machine that may be busy
settings.register_profile("crossbar", deadline=None)
settings.load_profile("crossbar")

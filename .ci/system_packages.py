"""Installs what the tests need beside Python and pip: nothing where it is there already."""

import os
import shutil
import subprocess
import sys

print("python", sys.version.split()[0])
if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or newer is needed")
try:
    import ensurepip  # noqa: F401
except ImportError:
    if os.geteuid() or not shutil.which("apt-get"):
        sys.exit("python3-venv is needed")
    subprocess.run(["apt-get", "update", "-q"], check=True)
    subprocess.run(["apt-get", "install", "-qy", "python3-venv"], check=True)

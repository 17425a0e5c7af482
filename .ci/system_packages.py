"""Installs what the tests need beside Python and pip: nothing where it is there already."""

import ctypes.util
import os
import shutil
import subprocess
import sys

print("python", sys.version.split()[0])
if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or newer is needed")
missing = []
try:
    import ensurepip  # noqa: F401
except ImportError:
    missing.append("python3-venv")
if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
    missing.append("chromium")
if not (shutil.which("node") and shutil.which("npm")):
    missing += ["nodejs", "npm"]
if ctypes.util.find_library("EGL") is None:  # MuJoCo draws with these where it is asked to
    missing += ["libegl1", "libgl1-mesa-dri"]
if ctypes.util.find_library("OSMesa") is None:
    missing.append("libosmesa6")
if missing:
    if os.geteuid() or not shutil.which("apt-get"):
        sys.exit(f"{' and '.join(missing)} needed")
    subprocess.run(["apt-get", "update", "-q"], check=True)
    subprocess.run(["apt-get", "install", "-qy", "--no-install-recommends", *missing], check=True)

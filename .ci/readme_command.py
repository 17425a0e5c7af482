"""Prints one of the README's two commands, as it stands there: `readme_command.py first|second`."""

import pathlib
import re
import sys

readme = (pathlib.Path(__file__).parent.parent / "README.md").read_text()
blocks = re.findall(r"```bash\n(.*?)```", readme, re.S)
if len(blocks) < 2:
    sys.exit("README.md: expected the two commands as the first two ```bash blocks")
print(blocks[{"first": 0, "second": 1}[sys.argv[1]]].strip())

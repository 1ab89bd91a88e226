"""No generated secret is in any of these files.

leaks.py RECORD_FOLDER FILE...
"""

import io
import json
import sys
import zipfile
from pathlib import Path

from state import finish


def texts(path):
    """The file, and what is inside it when it is a saved plan."""
    yield path.name, path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            for name in archive.namelist():
                yield f"{path.name}:{name}", archive.read(name)


def main(record, *files):
    generated = [json.loads(line)["value"] for line in open(Path(record, "generated.jsonl"), encoding="utf-8")]
    if len(generated) < 3 or len(files) < 6:
        finish([f"there is too little to look at: {len(generated)} secrets, {len(files)} files"])
    problems = [
        f"{name} holds a generated secret"
        for file in files
        for name, content in texts(Path(file))
        if any(secret.encode() in content for secret in generated)
    ]
    print(f"{len(generated)} secrets were made; {len(files)} files hold none")
    finish(problems)


main(*sys.argv[1:])

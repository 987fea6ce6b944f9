"""What scripts/validate_config.py finds is what the program finds.

    validate_config_test.py CHECK_ENV_FILE VALIDATE_CONFIG
"""

import importlib.util
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

FILES = {
    "empty": b"",
    "valid": b"PORT=9000\n# a comment\n\nexport LOG_LEVEL=debug\nAPP_TITLE='it is \"mine\"'\r\n",
    "unknown": b"DB_POOL_SIZ=5\nPROT=1\nTOTALLY_ELSE=x\n",
    "quotes": b"APP_TITLE=\"a\nENVIRONMENT='b' c\nAPP_TITLE=\"x\\\"y\\n\\q\"  # fine\n",
    "lines": b"no equals sign\n=x\n1PORT=3\nPORT 8000\n  PORT = 8000  # spaced\nexport\nexportX=1\n",
    "twice": b"PORT=1\nPORT=2\n",
    "own names": b"MCPB_PORT=1\nPORT=x\nMCPB_PLAIN_NAMES=true\nMCPB_LOG_LEVEL=warn\n",
    "own names last": b"PORT=x\nMCPB_PORT=1\n",
    "own names, wrong": b"MCPB_PORT=x\nMCPB_PROT=1\nMCPB_PORT=2\nLOG_LEVEL=WARNED\n",
    "types": b"PORT=eighty\nDB_POOL_SIZE=0\nDRAIN_DELAY=1.2345\nREQUEST_TIMEOUT=0.5\nLOG_LEVEL=LOUD\n"
             b"USE_NEW_ARCHITECTURE=perhaps\nDATABASE_URL=nothing\nPORT_=1\nWORKERS=-1\n",
    "ranges": b"PORT=65536\nCHUNK_MAX_CHARS=99\nMAX_MESSAGES=00000000000000001\nDRAIN_DELAY=60.001\n",
    "refused": b"DATABASE_URL=postgresql://u:secret@db/x\nEMBEDDING_PROVIDER=openai\nREDIS_URL=redis://x\n"
               b"OPENAI_API_KEY=sk-123\nAUTH_MODE=api_key\nTLS_CERT_FILE=/x\nRATE_LIMIT_PER_MINUTE=5\n"
               b"ENABLE_EMBEDDING_CACHE=on\nOTEL_SERVICE_NAME=a\nDB_MAX_OVERFLOW=40\n",
    "defaults": b"DATABASE_URL=sqlite:///\nEMBEDDING_PROVIDER=LOCAL\nAUTH_MODE=None\nDB_MAX_OVERFLOW=010\n"
                b"RATE_LIMIT_PER_MINUTE=0\nENABLE_EMBEDDING_CACHE=off\nDB_POOL_TIMEOUT=30.000\n",
    "sqlite elsewhere": b"DATABASE_URL=sqlite:////var/x.db\n",
    "open": b"HOST=0.0.0.0\n",
    "open, allowed": b"HOST=0.0.0.0\nALLOW_INSECURE_BIND=yes\n",
    "loopback": b"HOST=127.0.0.2\n",
    "no loopback": b"HOST=127.evil.example\n",
    "contradictions": b"MAX_MESSAGE_BYTES=20000000\nCHUNK_OVERLAP_CHARS=501\nMAX_INFLIGHT_BYTES=1024\n",
    "model": b"EMBEDDING_MODEL=bge-small\n",
    "model with path": b"EMBEDDING_MODEL=bge-small\nEMBEDDING_MODEL_PATH=/m\nEMBEDDING_DIMENSION=384\n",
    "dimension": b"EMBEDDING_DIMENSION=768\n",
    "long value": b"LOG_LEVEL=" + b"x" * 61 + b"\nPORT=" + "ä".encode() * 31 + b"\n",
    "bad bytes": b"APP_TITLE=\xff\xfe\nENVIRONMENT=a\x01b\nPORT=\xd9\xa1\n",
    "nul": b"APP_TITLE=a\0b\n",
    "byte order mark": b"\xef\xbb\xbfPORT=1\n",
    "comments": b"PORT= # none\nAPP_TITLE=a#b # c\nENVIRONMENT=#x\n",
}

# Wrong by what only the program knows.
BEYOND_THE_SCHEMA = {"open", "no loopback", "model", "model with path", "dimension", "bad bytes", "nul"}


def mutated(seed):
    """A valid file with random damage."""
    chance = random.Random(seed)
    text = bytearray(b"PORT=9000\nLOG_LEVEL=INFO\nexport APP_TITLE=\"a b\" # c\nDRAIN_DELAY=0.5\nHOST='::1'\n")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text))
        text[at:at + chance.randint(0, 2)] = bytes(
            chance.choice(b"=#'\"\\ \t\n\r.0Ax_\xc3\xa4") for _ in range(chance.randint(0, 2))
        )
    return bytes(text)


def found_by_program(command):
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode in (0, 2), (command, done)
    assert (done.returncode == 0) == json.loads(done.stdout)["valid"], done
    return json.loads(done.stdout)["problems"]


def load(script):
    """The script as a module, and its schema: much faster than a process a file."""
    spec = importlib.util.spec_from_file_location("validate_config", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    schema = os.path.join(os.path.dirname(script), "config_schema.json")
    with open(schema, encoding="utf-8") as file:
        return module, json.load(file)


def write(path, text, mode=0o644):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


class CommandLine:
    """The script where no build lies beside it."""

    def __init__(self, script, folder):
        self.folder = folder
        self.script = os.path.join(folder, "validate_config.py")
        for file in (script, os.path.join(os.path.dirname(script), "config_schema.json")):
            shutil.copy(file, folder)
        write(os.path.join(folder, "good"), "PORT=1\n")
        write(os.path.join(folder, "bad"), "PROT=1\n")

    def run(self, name, *more, **environment):
        return subprocess.run([sys.executable, self.script, "--env-file=" + os.path.join(self.folder, name), *more],
                              env={"PATH": self.folder} | environment, capture_output=True, text=True, check=False)

    def check_alone(self):
        """Without a program it says what it does not check."""
        good, bad, missing, as_json = self.run("good"), self.run("bad"), self.run("missing"), self.run("bad", "--json")
        for done in (good, bad, missing, as_json):
            assert done.stderr.startswith("validate_config: no mcp-backend was found"), done
        assert good.returncode == 0 and good.stderr.count("\n") == 1, good
        assert bad.returncode == 2 and bad.stdout == "", bad
        assert bad.stderr.endswith("/bad:1: PROT: unknown key; did you mean PORT?\n"), bad
        assert missing.returncode == 1 and "cannot be read" in missing.stderr, missing
        assert as_json.returncode == 2 and json.loads(as_json.stdout)["valid"] is False, as_json

    def check_with_a_program(self):
        """A program is asked, wherever it is, and nothing is added to what it says."""
        says = "#!/bin/sh\necho \"$PORT|$SOME_OTHER|$*\"\necho told >&2\nexit 7\n"
        program = os.path.join(self.folder, "mcp-backend")
        write(program, says, 0o755)
        write(os.path.join(self.folder, "elsewhere"), says.replace("7", "8"), 0o755)
        asked = f"|x|config check --env-file {self.folder}/bad"
        elsewhere = os.path.join(self.folder, "elsewhere")
        for done, code, more in (
                (self.run("bad", PORT="1", SOME_OTHER="x"), 7, ""),
                (self.run("bad", "--json", PORT="1", SOME_OTHER="x"), 7, " --json"),
                (self.run("bad", "--binary", elsewhere, SOME_OTHER="x"), 8, ""),
                (self.run("bad", MCP_BACKEND_BINARY=elsewhere, SOME_OTHER="x"), 8, "")):
            assert (done.returncode, done.stdout, done.stderr) == (code, asked + more + "\n", "told\n"), done
        missing = self.run("good", "--binary", os.path.join(self.folder, "missing"))
        assert missing.returncode == 1 and "is not a program" in missing.stderr, missing


def differences(name, ours, theirs):
    """Where the schema alone finds what the program does not, or overlooks what it should not."""
    def places(problems):
        return {(problem["where"], problem["key"]) for problem in problems}

    if not places(theirs) <= places(ours):
        return "found by the script alone"
    seen_by_both = name not in BEYOND_THE_SCHEMA and not name.startswith("damage")
    if seen_by_both and bool(theirs) != bool(ours):
        return "found by the program alone"
    return ""


def main():
    program, script = sys.argv[1:]
    module, schema = load(script)
    files = dict(FILES)
    files.update({f"damage {seed}": mutated(seed) for seed in range(60)})
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        command_line = CommandLine(script, folder)
        command_line.check_alone()
        command_line.check_with_a_program()
        path = os.path.join(folder, ".env")
        for name, content in files.items():
            with open(path, "wb") as file:
                file.write(content)
            ours = found_by_program([program, path])
            theirs = module.check(schema, path, content.decode("utf-8", "surrogateescape"))
            if what := differences(name, ours, theirs):
                failed += 1
                print(f"{name}: {content!r}: {what}\n  program: {ours}\n  script:  {theirs}")
    print(f"{len(files)} files, {failed} differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

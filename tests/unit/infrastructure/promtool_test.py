"""`promtool check metrics` has one remark, on the name that the operations guide fixed:
promtool_test.py PRINT_METRICS"""

import shutil
import subprocess
import sys

SKIPPED = 77


def main():
    if shutil.which("promtool") is None:
        print("promtool is not installed: skipped")
        return SKIPPED
    scrape = subprocess.run([sys.argv[1]], capture_output=True, check=True).stdout
    said = subprocess.run(["promtool", "check", "metrics"], input=scrape, capture_output=True, check=False)
    remarks = (said.stdout + said.stderr).decode().strip().splitlines()
    print("\n".join(remarks))
    expected = len(remarks) == 1 and remarks[0].startswith("database_connections_total ")
    broken = subprocess.run(["promtool", "check", "metrics"], input=scrape + b"1bad{ 1\n",
                            capture_output=True, check=False)
    return 0 if expected and broken.returncode != 0 else 1


if __name__ == "__main__":
    sys.exit(main())

"""Exchange codebook and codings with other QDA software: see `compendium.coding.refi_write`."""

import argparse
import sys

from compendium.coding import refi_read, refi_write


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", default="microcredentials", help="the study's folder in data/")
    parser.add_argument("--read", help="a .qdc or .qdpx file of another program")
    parser.add_argument("--replace", action="store_true", help="overwrite other codings")
    given = parser.parse_args()
    try:
        if given.read:
            lines = refi_read.read(given.study, given.read, replace=given.replace)
        else:
            lines = refi_write.write(given.study)
    except ValueError as error:
        sys.exit(f"  {error}")
    print("\n".join(f"  {line}" for line in lines))


if __name__ == "__main__":
    main()

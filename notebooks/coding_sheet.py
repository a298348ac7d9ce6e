"""Write a spreadsheet for a coder, or read one back: see `compendium.coding.coding_sheet`."""

import argparse
import sys

from compendium.coding import coding_sheet


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", default="microcredentials", help="the study's folder in data/")
    parser.add_argument("--coder", required=True, help="small letters, digits, _ and -")
    parser.add_argument("--read", help="the coder's workbook")
    parser.add_argument("--replace", action="store_true", help="overwrite other codings")
    given = parser.parse_args()
    try:
        if given.read:
            lines = coding_sheet.read(given.study, given.coder, given.read, replace=given.replace)
        else:
            lines = coding_sheet.write(given.study, given.coder, replace=given.replace)
    except ValueError as error:
        sys.exit(f"  {error}")
    print("\n".join(f"  {line}" for line in lines))


if __name__ == "__main__":
    main()

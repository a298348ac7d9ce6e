"""Options that stand together in one cell and may hold what parts them."""

from compendium.importing.draft.multiple_response import options_in, picks, pieces


def test_a_cell_falls_into_pieces():
    assert pieces("Skills; up to date;", ";") == ["Skills", "up to date"]
    assert pieces("Read, heard,Used", ",") == ["Read, heard", "Used"]


def test_the_longest_option_that_fits_is_taken():
    options = ["Read", "Read, heard of", "Used"]
    picked, rest = picks("Read, heard of, Used, on a, hm, website", options, ", ")
    assert (picked, rest) == ({"Read, heard of", "Used"}, "on a, hm, website")


def test_options_are_worked_out_from_all_cells():
    cells = {"Email, Post": 4, "Email": 3, "Post": 1, "Email, Phone, Post": 2}
    assert options_in(cells, ", ") == ["Email", "Phone", "Post"]
    assert options_in({"Yes, often": 9, "Yes, rarely": 8, "No": 3}, ", ") is None

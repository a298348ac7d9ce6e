"""Raw responses: columns, respondents and provenance that do not fit are refused in one line."""

import pytest
from spoiling import STUDY, change, refused

from compendium.survey.study import load_study


def test_a_missing_column_is_named_with_the_nearest_one(data_dir):
    change(data_dir / STUDY / "responses.csv", ",concept,", ",concpet,")
    refused(data_dir, "column 'concept' is missing", "is it 'concpet'?", "survey.yml")


def test_a_repeated_respondent_is_refused(data_dir):
    change(data_dir / STUDY / "responses.csv", "\nR002,", "\nR001,")
    refused(data_dir, "row 2", "respondent 'R001' stands twice", "give each row its own id")


def test_a_respondent_without_id_is_refused(data_dir):
    change(data_dir / STUDY / "responses.csv", "\nR002,", "\n,")
    refused(data_dir, "row 2 has no respondent id")


def test_a_file_that_is_not_there_is_named(data_dir):
    (data_dir / STUDY / "responses.csv").unlink()
    refused(data_dir, "responses.csv: there is no such file")


def test_synthetic_rows_cannot_pass_for_collected(data_dir):
    change(data_dir / STUDY / "survey.yml", "provenance: synthetic", "provenance: collected")
    refused(data_dir, "row 1 says provenance 'synthetic'", "survey.yml says 'collected'")


def test_an_unknown_data_set_of_statsmodels_is_refused(data_dir):
    change(data_dir / "anes96" / "survey.yml", "statsmodels:anes96", "statsmodels:anes69")
    with pytest.raises(ValueError, match="statsmodels has no data set 'anes69'"):
        load_study("anes96", data_dir)

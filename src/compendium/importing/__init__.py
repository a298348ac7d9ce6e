"""From a survey platform to a study: exports are read, the questionnaire is drafted; `make study`."""

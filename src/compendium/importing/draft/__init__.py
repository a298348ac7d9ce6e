"""Guessing the questionnaire of an export: types, scales, skip logic, and the draft to edit."""

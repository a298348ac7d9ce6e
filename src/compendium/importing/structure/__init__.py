"""What is known of the questionnaire itself: code lists, and structure files of survey platforms."""

"""What may not be told: which counts are suppressed, and which text is masked."""

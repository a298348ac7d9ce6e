"""What readers do themselves: exercises with a hint for each mistake, and trying questions out."""

"""What members say of hits."""

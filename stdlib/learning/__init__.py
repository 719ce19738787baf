"""What methods of learning have in common: optimisers."""

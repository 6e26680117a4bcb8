"""A document becomes indexed passages: read, tidy, split, embed, index."""

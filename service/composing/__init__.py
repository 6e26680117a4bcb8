"""Evidence → statements, each with the quotations that carry it. Nothing here decides what leaves; citing does."""

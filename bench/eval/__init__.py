"""The score card: how well passages are found, sentences chosen and questions refused, on figures anyone can rerun."""

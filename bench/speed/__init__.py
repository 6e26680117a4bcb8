"""Speed side by side: the same texts, model and machine for this project and for its peers' defaults."""

"""A question becomes a cited answer: rephrase, retrieve, compose, cite."""

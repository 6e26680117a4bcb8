"""The prompts given to a language model: one Markdown file each, read by service/prompts.py."""

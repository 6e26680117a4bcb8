"""Questions to try, answered by the documents that ship with the project."""

EXAMPLES = (
    "Why should the police engage with the public?",
    "Which groups should be prioritised for engagement?",
    "Which forces consulted the public on their police and crime plan?",
)

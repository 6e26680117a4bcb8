"""What the samples say. The police and the places are invented."""

PURPOSE = (
    "This plan says how Northshire Police will talk with the people it serves between 2024 and 2026, and how they can "
    "tell whether it kept its word. It was written after twelve evening meetings and a survey by post."
)
REASONS = (
    "to hear what worries people before it grows",
    "to explain decisions, above all those that people will not like, in a way that can be questioned and answered in "
    "the same evening",
    "to find out what worked",
)
MEETINGS = (
    ("Area", "Where", "How often"),
    ("Harbour", "Sailing club, with a room for those who would rather speak alone", "monthly"),
    ("Moorside", "Village hall", "every second month"),
)
YOUNG = (
    "Young people told the survey that they do not come to meetings in the evening. Officers will therefore visit the "
    "two secondary schools each term, and the youth club of the Northshire Council in the holidays. What is said there "
    "is written down without names and published with the answers that were given."
)
STAFF = (
    "Every neighbourhood officer spends four hours a week on visits that nobody has asked for. A self-evaluation each "
    "March counts them and names the streets that were left out."
)
ANSWERS = (
    "Whoever asks a question at a meeting hears within four weeks what was done about it, by letter or by telephone as "
    "they wish. What could not be done is named too, with the reason. Twice a year all answers are read out again in "
    "the library, so that anybody can say whether they were kept, and the panel of residents writes down what it heard."
)

"""What EvalScope leaves behind, read as it is. Three generations of its files are known:

1. version 0, in 2025: rows in the shape of an OpenAI response, with ``raw_input``;
2. version 1, in 2025: ``model_output`` and ``sample_score``, the prompt as Markdown in ``input``;
3. version 1, since 2026: the same with ``messages``, and how long a reply took.
"""

"""Reply text → committed answer, the rule that read it, and the span where it stands."""

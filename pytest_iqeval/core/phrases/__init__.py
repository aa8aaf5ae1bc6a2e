"""All sentences that a run says, in English and Chinese, by where they are said."""

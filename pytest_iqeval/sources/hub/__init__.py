"""Data from ModelScope and Hugging Face, by plain HTTP, kept in a cache.

Both hubs have a client library of their own; with what they bring these are 35 MB (a second
HTTP client among it) and 104 MB, for two kinds of GET requests. httpx is here anyway, and is
imported when something is fetched.
"""

"""One attempt over HTTP: providers, wire format, failures, preflight, the embedded server."""

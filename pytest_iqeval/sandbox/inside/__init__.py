"""What runs inside the sandbox: standard library only, and no other part of this package."""

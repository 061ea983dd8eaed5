"""The built web UI, served."""

"""Documents: sharing, correcting, who may see them, removing."""

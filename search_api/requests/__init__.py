"""Know-how that a firm wants from the cluster."""

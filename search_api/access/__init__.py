"""Who is who: signing in, members, organisations, keys, and what each may do."""

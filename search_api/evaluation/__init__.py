"""Collections and questions, searched by the very search that members use, in a library of their own."""

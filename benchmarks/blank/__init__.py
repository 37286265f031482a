"""An application with nothing on its only page: what a click costs whatever is shown."""

"""When a survivor volunteer can come and what she would like, and what follows for placing her."""

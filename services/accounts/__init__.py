"""Who signs in: accounts, the browsers they are signed in on, and colleagues a record can name."""

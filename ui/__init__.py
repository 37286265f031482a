"""Everything a person meets: the shell, signing in, navigation, components and charts."""

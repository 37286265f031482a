"""Every screen, run through the shell as somebody who has signed in."""

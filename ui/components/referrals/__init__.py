"""Referrals on screen: partners, taking one down, the waiting list, and how long people wait."""

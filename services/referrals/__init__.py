"""Referrals: who sent somebody our way, the steps a referral takes, and how long people wait."""

"""What the programme does: rules, permissions and queries. No Streamlit here."""

"""A blank page served the way the programme is: as an application, with its settings."""

from pathlib import Path

import streamlit as st

app = st.App(Path(__file__).with_name("page.py"))

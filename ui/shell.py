"""The script behind every address: who is here, the menu, and the page she asked for.

It lies in ui/ and not beside pages/: there, Streamlit would serve the pages by itself to the
first visitor after a restart, before anybody has signed in.
"""

import streamlit as st

from services.errors import AppError, NotFoundError, SetupError
from ui import auth, first_run, looks, messages, navigation, startup
from ui.components import presses
from ui.components.choose import back_to_list
from ui.components.idle_lock import idle_lock
from ui.components.imports.flow import forget_upload
from ui.components.menu_again import menu_again
from ui.turns import turns

st.set_page_config(page_title="Alongside", page_icon=looks.FAVICON, layout="wide")
st.html(looks.STYLE)

try:
    startup.prepare()
except SetupError as error:
    st.title("Alongside cannot start yet")
    st.error(str(error))
    st.stop()

house, actor = auth.enter()
if house is None:
    navigation.closed_menu(first_run.screen).run()
    st.stop()

if house.logo:
    st.logo(house.logo)
if actor is None:
    forget_upload()
    navigation.closed_menu(auth.sign_in_screen).run()
    st.stop()

page = navigation.open_menu(actor)
if page.url_path != "imports":
    forget_upload()
with st.sidebar:
    st.caption(f"{house.name} · {actor.name}")
    st.button("Sign out", icon=":material/logout:", key="sign_out", on_click=auth.leave)
    menu_again()
if house.is_demonstration:
    st.caption(":material/science: A demonstration: everybody in it is invented.")
idle_lock(house.idle_minutes, sign_in=auth.sign_in_ref(), on_idle=auth.lock)
messages.show_flash()
try:
    with turns.screen():
        page.run()
except AppError as error:
    messages.show_error(error)
    if isinstance(error, NotFoundError):
        back_to_list("Back to the list")
presses.settle()

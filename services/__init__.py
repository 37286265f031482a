"""What the programme does: rules, permissions and queries. No Streamlit here.

A package for each thing it does, in the order people meet it; its first line says what is in it:

    referrals public_forms                              somebody is sent our way
    people search merging consents safe_contact         who she is, and how she is kept safe
    concerns plans placing
    programmes groups places calendar registers         a group, and a place in it
    volunteers                                          survivors who help to run groups
    measures children feedback forms themes             what is asked, and what is answered
    outcomes attendance tallies statistics scoring      whether it helps, in figures
    reports printing disclosure releases research       what leaves the house
    today waits jobs                                    what is due, for whom, and by itself
    accounts organisation imports demo manage           setting up and looking after it
    backup key_rotation schema

Beneath all of them lie modules that know nothing of groups or people:

    db bulk stored_rows short_lists                     the database
    changes unchanged                                   what of it is kept, and for how long
    audit permissions visibility versions kept_versions  who may, who did, what stood before
    keys config definitions clock errors failures       settings, time, and what goes wrong
    scheduling apart frames                             days and times, places on a chart, tables
"""

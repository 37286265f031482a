"""What falls due by itself: once an hour while a server runs, at once by `manage run-jobs`."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Organisation
from services.feedback import drafts, receipts
from services.places import places
from services.volunteers.contribution import thanking
from services.volunteers.vetting import retention


def do_what_is_due(db: Session) -> list[str]:
    """Unanswered offers pass on, details of checks are removed, what volunteers have reached is
    noted, and so are the forms of days that are over. What was done, a sentence each.

    No permission of its own: nobody asks for it. Twice is the same as once, and of two servers
    at it the second waits and finds nothing left.
    """
    db.execute(select(Organisation.id).with_for_update())
    passed_on, removed = places.pass_on_lapsed(db), retention.remove_details(db)
    drafts.clear(db)
    reached, received = thanking.note_reached(db), receipts.note_received(db)
    done = []
    if passed_on:
        done.append(f"{'1 offer' if passed_on == 1 else f'{passed_on:,} offers'} passed on.")
    if removed:
        checks = "1 check" if removed == 1 else f"{removed:,} checks"
        done.append(f"Details of {checks} removed, six months after the decision.")
    if reached:
        done.append(f"{'1 milestone' if reached == 1 else f'{reached:,} milestones'} to thank for.")
    if received:
        forms = "1 form" if received == 1 else f"{received:,} forms"
        done.append(f"{forms} of days that are over noted in the audit log.")
    return done

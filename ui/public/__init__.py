"""The pages and feeds that need no sign-in, health and metrics, and every answer's headers."""

from starlette.middleware import Middleware
from starlette.routing import Route

from ui.components.scripts import ADDRESS
from ui.public import (
    access_log,
    astray,
    calendar_feed,
    component_scripts,
    feedback,
    feedback_drafts,
    health,
    measure,
    metrics,
    refer,
    volunteer,
)
from ui.public.headers import SecurityHeaders

routes = [
    Route("/exit", feedback.leave, methods=["GET"]),
    Route("/f/{token}", feedback.welcome, methods=["GET"]),
    Route("/f/{token}", feedback.send, methods=["POST"]),
    Route("/f/{token}/form", feedback.form, methods=["GET"]),
    Route("/f/{token}/again", feedback_drafts.ask, methods=["GET"]),
    Route("/f/{token}/again", feedback_drafts.go_on, methods=["POST"]),
    Route("/f/{token}/kiosk", feedback.kiosk, methods=["GET"]),
    Route("/f/{token}/thanks", feedback.thanks, methods=["GET"]),
    Route("/f/{token}/privately", feedback.privately, methods=["GET"]),
    Route("/m/{token}", measure.show, methods=["GET"]),
    Route("/m/{token}", measure.send, methods=["POST"]),
    # Anything else under /f is a mistyped address, never a screen for staff.
    Route("/f", feedback.lost, methods=["GET"]),
    Route("/f/{rest:path}", feedback.lost, methods=["GET"]),
    Route(ADDRESS + "{file}", component_scripts.show, methods=["GET"]),
    *refer.FORM.routes,
    *volunteer.FORM.routes,
    # Beside the screen at /calendar: only addresses of feeds are answered here.
    Route("/calendar/{token}.ics", calendar_feed.show, methods=["GET"]),
    Route("/healthz", health.alive, methods=["GET"]),
    Route("/readyz", health.ready, methods=["GET"]),
    Route("/metrics", metrics.show, methods=["GET"]),
    Route(astray.ADDRESS, astray.lead_back, methods=["GET"]),
]

middleware = [
    Middleware(metrics.Measured, templates=frozenset(route.path for route in routes)),
    Middleware(SecurityHeaders),
]

access_log.leave_out_public_pages()

__all__ = ["middleware", "routes"]

"""Health, metrics, headers and logs: what others may see of the server."""

import logging

import pytest

from services import keys
from services.db import engine
from tests.public.conftest import Link
from tests.public.server import Site, running


def test_the_process_says_it_is_up(site: Site) -> None:
    answer = site.get("/healthz")
    assert (answer.status, answer.text) == (200, "up")


def test_a_server_is_ready_once_its_database_is(site: Site) -> None:
    answer = site.get("/readyz")
    assert (answer.status, answer.text) == (200, "ready")


def test_a_server_whose_database_is_behind_is_up_but_not_ready(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    assert site.get("/readyz").status == 200
    with engine().begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")

    answer = site.get("/readyz")

    assert (answer.status, answer.text) == (503, "not ready")
    assert "services.manage init" in caplog.text
    assert site.get("/healthz").status == 200


def test_a_server_without_its_key_is_not_ready(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "data_keys", lambda **_: ("not a key",))
    answer = site.get("/readyz")
    assert (answer.status, answer.text) == (503, "not ready")


def test_metrics_count_by_template_and_never_name_a_link(site: Site, link: Link) -> None:
    site.get(link.path)
    site.post(link.path, b"")
    site.ask("BREW", link.path)
    site.get("/somewhere.txt")

    text = site.get("/metrics").text

    assert 'alongside_requests_total{method="GET",route="/f/{token}",status="200"}' in text
    assert 'alongside_requests_total{method="POST",route="/f/{token}",status="422"}' in text
    assert 'method="other",route="/f/{token}",status="405"' in text
    assert 'route="screens",status="404"' in text
    assert 'alongside_request_seconds_bucket{le="0.1",route="/f/{token}"}' in text
    assert "process_resident_memory_bytes" in text
    assert link.path.removeprefix("/f/") not in text
    assert "somewhere" not in text


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-Proto": "https"},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"Host": "alongside.example.org"},
    ],
)
def test_metrics_are_for_this_machine_only(site: Site, headers: dict[str, str]) -> None:
    answer = site.ask("GET", "/metrics", headers=headers)
    assert answer.status == 403
    assert "alongside_" not in answer.text


def test_every_answer_carries_security_headers(site: Site) -> None:
    for path in ("/healthz", "/metrics", "/exit", "/nowhere", "/f/nowhere"):
        headers = site.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors" in headers["Content-Security-Policy"]
        assert "camera=()" in headers["Permissions-Policy"]
        assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
        assert "Strict-Transport-Security" not in headers


def test_behind_a_certificate_browsers_are_told_to_stay_with_it(site: Site) -> None:
    answer = site.ask("GET", "/healthz", headers={"X-Forwarded-Proto": "https"})
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_links_never_reach_the_access_log(
    site: Site, link: Link, caplog: pytest.LogCaptureFixture
) -> None:
    access = logging.getLogger("uvicorn.access")
    with running() as logging_site:
        access.addHandler(caplog.handler)
        try:
            for path in (link.path, f"{link.path}/form", "/exit", "/healthz"):
                logging_site.get(path)
            logging_site.post(link.path, b"one_change=More tea")
        finally:
            access.removeHandler(caplog.handler)
    assert "/healthz" in caplog.text
    assert "/f/" not in caplog.text
    assert "/exit" not in caplog.text

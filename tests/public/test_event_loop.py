"""The loop that serves the pages sends each small frame at once, whoever bound the socket."""

import asyncio
import socket
import sys

import pytest
import uvicorn


async def _waits_for_acknowledgement(listener: socket.socket) -> bool:
    """Whether a connection accepted from this listener holds small frames back."""
    answers: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def accepted(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = writer.get_extra_info("socket")
        no_delay = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        answers.set_result(not no_delay)
        writer.close()

    async with await asyncio.start_server(accepted, sock=listener):
        _reader, writer = await asyncio.open_connection(*listener.getsockname())
        try:
            return await answers
        finally:
            writer.close()


@pytest.mark.skipif(sys.platform == "win32", reason="the quick loop does not exist there")
def test_a_connection_does_not_wait_on_a_socket_bound_as_streamlit_binds_it() -> None:
    listener = socket.socket(family=socket.AF_INET)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    listener.setblocking(False)
    factory = uvicorn.Config("app:app", loop="auto").get_loop_factory()
    with asyncio.Runner(loop_factory=factory) as runner:
        assert runner.run(_waits_for_acknowledgement(listener)) is False

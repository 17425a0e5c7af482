"""Services and streams at an address, over ZeroMQ: servers, clients, publishers, subscribers, keys."""

from droidlet_transport.async_client import AsyncClient
from droidlet_transport.client import Client, Pending
from droidlet_transport.curve import Keys, NotAllowed, new_keys
from droidlet_transport.publishing import Publisher
from droidlet_transport.server import AddressInUse, Server
from droidlet_transport.subscribing import Message, Subscriber

__all__ = [
    "AddressInUse",
    "AsyncClient",
    "Client",
    "Keys",
    "Message",
    "NotAllowed",
    "Pending",
    "Publisher",
    "Server",
    "Subscriber",
    "new_keys",
]

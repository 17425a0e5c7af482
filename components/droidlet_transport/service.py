"""Services at an address, over ZeroMQ: servers, clients, keys."""

from droidlet_transport.client import Client, Pending
from droidlet_transport.server import AddressInUse, Server
from droidlet_transport.sockets import Keys, NotAllowed, new_keys

__all__ = ["AddressInUse", "Client", "Keys", "NotAllowed", "Pending", "Server", "new_keys"]

"""The calls of a well-known library for robots and learners, as thin shims over our faces: no code of theirs."""

from __future__ import annotations

from typing import Any

import attrs

from droidlet_transport.faces.action import ActionClient as OurActionClient
from droidlet_transport.faces.action import ActionServer as OurActionServer
from droidlet_transport.faces.action import UnknownKey
from droidlet_transport.faces.inference import InferenceClient as OurInferenceClient
from droidlet_transport.faces.inference import InferenceServer as OurInferenceServer


@attrs.define
class ActionConfig:
    port_number: int
    action_keys: list[str]
    observation_keys: list[str]
    broadcast_port: int = 0


class ActionServer:
    def __init__(self, config: ActionConfig, obs_callback: Any, act_callback: Any) -> None:
        self._ours = OurActionServer(
            lambda keys: obs_callback(set(keys)),
            act_callback,
            observations=config.observation_keys,
            actions=config.action_keys,
            address=f"tcp://127.0.0.1:{config.port_number}",
        )
        config.port_number = int(self._ours.address.rpartition(":")[2])

    def start(self, threaded: bool = True) -> None:
        self._ours.start() if threaded else self._ours.serve()

    def publish_obs(self, observation: dict[str, Any]) -> None:
        self._ours.publish(observation)

    def stop(self) -> None:
        self._ours.close()


class ActionClient:
    def __init__(self, server_ip: str, config: ActionConfig) -> None:
        self._ours = OurActionClient(f"tcp://{server_ip}:{config.port_number}", deadline_s=20.0)

    def obs(self, keys: Any = None) -> dict[str, Any]:
        return self._ours.obs(keys)

    def act(self, key: str, payload: dict[str, Any]) -> Any:
        return self._ours.act(key, payload)

    def register_obs_callback(self, callback: Any) -> None:
        self._ours.listen(lambda message: callback(dict(message.value)))

    def close(self) -> None:
        self._ours.close()


class InferenceServer:
    def __init__(self, port_num: int = 0) -> None:
        self._functions: dict[str, Any] = {}
        self._port = port_num
        self._ours: OurInferenceServer | None = None
        self.port = 0

    def register_interface(self, name: str, callback: Any) -> None:
        self._functions[name] = callback

    def start(self, threaded: bool = True) -> None:
        self._ours = OurInferenceServer(self._functions, address=f"tcp://127.0.0.1:{self._port}")
        self.port = int(self._ours.address.rpartition(":")[2])
        self._ours.start()

    def stop(self) -> None:
        assert self._ours is not None
        self._ours.close()


class InferenceClient:
    def __init__(self, server_ip: str, port_num: int) -> None:
        self._ours = OurInferenceClient(f"tcp://{server_ip}:{port_num}", deadline_s=20.0)

    def interfaces(self) -> list[str]:
        return list(self._ours.interfaces())

    def call(self, name: str, payload: dict[str, Any]) -> Any:
        return self._ours.call(name, payload)

    def close(self) -> None:
        self._ours.close()


__all__ = ["ActionClient", "ActionConfig", "ActionServer", "InferenceClient", "InferenceServer", "UnknownKey"]

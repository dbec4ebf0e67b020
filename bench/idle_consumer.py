"""The peer that does nothing: plain paho, QoS 1, counts messages. Run with: port, how many."""

from __future__ import annotations

import sys

import paho.mqtt.client as paho

from link import topics


def main() -> None:
    """Say `ready` when subscribed and `done` after the last message."""
    port, expected = int(sys.argv[1]), int(sys.argv[2])
    seen = 0
    client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id="idle")

    def count(_client: paho.Client, _userdata: object, _message: paho.MQTTMessage) -> None:
        nonlocal seen
        seen += 1
        if seen == expected:
            print("done", flush=True)
            client.disconnect()

    client.on_connect = lambda *_: client.subscribe(topics.all_up(), 1)
    client.on_subscribe = lambda *_: print("ready", flush=True)
    client.on_message = count
    client.connect("127.0.0.1", port)
    client.loop_forever()


if __name__ == "__main__":
    main()

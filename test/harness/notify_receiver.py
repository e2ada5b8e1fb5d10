"""Receives what services tell systemd (sd_notify) on the socket that is its argument, and prints each line of it."""
import array
import os
import socket
import sys

receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
print("listening", flush=True)
while True:
    text, ancillary, _, _ = receiver.recvmsg(4096, 4096)
    for line in text.decode().splitlines():
        print(line, flush=True)
    # A barrier hands over a descriptor, and waits until it is closed.
    for _, kind, data in ancillary:
        if kind == socket.SCM_RIGHTS:
            descriptors = array.array("i")
            descriptors.frombytes(data)
            for descriptor in descriptors:
                os.close(descriptor)

"""Ways between hosts that take their time: ways.py DEVICE FROM,TO,MILLISECONDS…

What comes in through the TUN device goes out through it again, that much later by its source and destination, and at
once where none is named. Routes of the host lead packets in, and by another table on to where they go.
"""
import fcntl
import heapq
import os
import select
import socket
import struct
import sys
import time

IFF_TUN, IFF_NO_PI, TUNSETIFF = 1, 0x1000, 0x400454CA

tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", sys.argv[1].encode(), IFF_TUN | IFF_NO_PI))
delays = {}
for word in sys.argv[2:]:
    one, other, milliseconds = word.split(",")
    ends = socket.inet_aton(one), socket.inet_aton(other)
    delays[ends] = delays[ends[::-1]] = float(milliseconds) / 1000
print("ready", flush=True)

waiting = []
count = 0
while True:
    timeout = max(0, waiting[0][0] - time.monotonic()) if waiting else None
    select.select([tun], [], [], timeout)
    now = time.monotonic()
    try:
        while True:
            packet = os.read(tun, 65536)
            count += 1
            due = now + delays.get((packet[12:16], packet[16:20]), 0)
            heapq.heappush(waiting, (due, count, packet))
    except OSError:
        pass
    while waiting and waiting[0][0] <= now:
        try:
            os.write(tun, heapq.heappop(waiting)[2])
        except OSError:
            pass

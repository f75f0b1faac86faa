#!/usr/bin/env python3
"""Noise_IKpsk2 as WireGuard uses it, written flat from the whitepaper (5.4), to check the engine.

It shares no code with the engine: curve and AEAD come from python3-cryptography, BLAKE2s and HMAC
from the standard library. Prints TranscriptVectors.swift:

    python3 transcript.py > TranscriptVectors.swift && swift format -i TranscriptVectors.swift
"""

import hashlib
import hmac
import struct

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

WALL = 1_700_000_000_123_456_789


def HASH(data):
    return hashlib.blake2s(data).digest()


def MAC(key, data):
    return hashlib.blake2s(data, key=key, digest_size=16).digest()


def HMAC(key, data):
    return hmac.new(key, data, hashlib.blake2s).digest()


def KDF(count, key, data):
    root, out = HMAC(key, data), []
    for number in range(1, count + 1):
        out.append(HMAC(root, (out[-1] if out else b"") + bytes([number])))
    return out


def AEAD(key, counter, text, additional):
    return ChaCha20Poly1305(key).encrypt(bytes(4) + struct.pack("<Q", counter), text, additional)


def hchacha20(key, nonce):
    def rotate(value, by):
        return ((value << by) | (value >> (32 - by))) & 0xFFFFFFFF

    state = list(struct.unpack("<4I", b"expand 32-byte k")) + list(struct.unpack("<8I", key))
    state += list(struct.unpack("<4I", nonce))

    def quarter(a, b, c, d):
        for left, right, target, by in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            state[left] = (state[left] + state[right]) & 0xFFFFFFFF
            state[target] = rotate(state[target] ^ state[left], by)

    for _ in range(10):
        for column in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)):
            quarter(*column)
        for diagonal in ((0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            quarter(*diagonal)
    return struct.pack("<8I", *state[0:4], *state[12:16])


def XAEAD(key, nonce, text, additional):
    inner = ChaCha20Poly1305(hchacha20(key, nonce[:16]))
    return inner.encrypt(bytes(4) + nonce[16:], text, additional)


def private(label):
    key = bytearray(HASH(label.encode()))
    key[0] &= 248
    key[31] = key[31] & 127 | 64
    return bytes(key)


def public(key):
    return X25519PrivateKey.from_private_bytes(key).public_key().public_bytes(
        Encoding.Raw, PublicFormat.Raw
    )


def DH(key, point):
    return X25519PrivateKey.from_private_bytes(key).exchange(X25519PublicKey.from_public_bytes(point))


def tai64n(wall):
    # The lower 24 bits are cut off, so that the stamp is no precise clock for others.
    return struct.pack(">QI", 2**62 + 10 + wall // 10**9, wall % 10**9 & 0xFF000000)


def transcript(psk):
    static_i, static_r = private("initiator"), private("responder")
    ephemeral_i, ephemeral_r = private("ephemeral of the initiator"), private("ephemeral of r")
    index_i, index_r = 0x11223344, 0xAABBCCDD
    result = {"presharedKey": psk}
    preshared = psk or bytes(32)

    # 5.4.2, first message
    chain = HASH(b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s")
    hashed = HASH(HASH(chain + b"WireGuard v1 zx2c4 Jason@zx2c4.com") + public(static_r))
    message = struct.pack("<II", 1, index_i) + public(ephemeral_i)
    (chain,) = KDF(1, chain, public(ephemeral_i))
    hashed = HASH(hashed + public(ephemeral_i))
    chain, key = KDF(2, chain, DH(ephemeral_i, public(static_r)))
    sealed = AEAD(key, 0, public(static_i), hashed)
    message, hashed = message + sealed, HASH(hashed + sealed)
    chain, key = KDF(2, chain, DH(static_i, public(static_r)))
    sealed = AEAD(key, 0, tai64n(WALL), hashed)
    message, hashed = message + sealed, HASH(hashed + sealed)
    mac1 = MAC(HASH(b"mac1----" + public(static_r)), message)
    without_mac2 = message + mac1
    result["initiation"] = without_mac2 + bytes(16)

    # 5.4.7, a cookie reply to that message, and the proof that the next one would carry
    cookie, nonce = HASH(b"cookie")[:16], HASH(b"nonce")[:24]
    sealed = XAEAD(HASH(b"cookie--" + public(static_r)), nonce, cookie, mac1)
    result["cookieReply"] = struct.pack("<II", 3, index_i) + nonce + sealed
    result["cookie"] = cookie

    # 5.4.3, second message
    message = struct.pack("<III", 2, index_r, index_i) + public(ephemeral_r)
    (chain,) = KDF(1, chain, public(ephemeral_r))
    hashed = HASH(hashed + public(ephemeral_r))
    (chain,) = KDF(1, chain, DH(ephemeral_r, public(ephemeral_i)))
    (chain,) = KDF(1, chain, DH(ephemeral_r, public(static_i)))
    chain, temporary, key = KDF(3, chain, preshared)
    hashed = HASH(hashed + temporary)
    message += AEAD(key, 0, b"", hashed)
    message += MAC(HASH(b"mac1----" + public(static_i)), message)
    result["response"] = message + bytes(16)

    # 5.4.5 and 5.4.6: keys, a keepalive of the initiator, one packet in each direction
    to_responder, to_initiator = KDF(2, chain, b"")
    packet_i = inner(b"\x0a\x00\x00\x01", b"\x0a\x00\x00\x02", b"ping")
    packet_r = inner(b"\x0a\x00\x00\x02", b"\x0a\x00\x00\x01", b"and pong")
    result["keepalive"] = transport(to_responder, index_r, 0, b"")
    result["innerFromInitiator"] = packet_i
    result["dataFromInitiator"] = transport(to_responder, index_r, 1, packet_i)
    result["innerFromResponder"] = packet_r
    result["dataFromResponder"] = transport(to_initiator, index_i, 0, packet_r)
    return result


def transport(key, receiver, counter, text):
    padded = text + bytes(-len(text) % 16)
    return struct.pack("<IIQ", 4, receiver, counter) + AEAD(key, counter, padded, b"")


def inner(source, destination, text):
    udp = struct.pack(">HHHH", 1, 2, 8 + len(text), 0) + text
    header = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0)
    header += source + destination
    total = sum(struct.unpack(">10H", header))
    total = (total & 0xFFFF) + (total >> 16)
    return header[:10] + struct.pack(">H", ~total & 0xFFFF) + header[12:] + udp


def swift(value):
    if value is None:
        return "nil"
    lines = [value.hex()[at : at + 80] for at in range(0, 2 * len(value), 80)]
    return "Hex.bytes(\n            \"\"\"\n" + "".join(
        f"            {line}\n" for line in lines
    ) + '            """\n        )'


def main():
    print("// Written by transcript.py.\n")
    print("extension Transcript {")
    print(f"    static let wall: UInt64 = {WALL:_}")
    for name, value in (
        ("initiatorKey", private("initiator")),
        ("responderKey", private("responder")),
        ("initiatorEphemeral", private("ephemeral of the initiator")),
        ("responderEphemeral", private("ephemeral of r")),
        ("initiatorIndex", struct.pack("<Q", 0x11223344)),
        ("responderIndex", struct.pack("<Q", 0xAABBCCDD)),
    ):
        print(f"    static let {name}: [UInt8] = {swift(value)}")
    for name, psk in (("withoutPresharedKey", None), ("withPresharedKey", HASH(b"preshared"))):
        print(f"\n    static let {name} = Transcript(")
        members = transcript(psk).items()
        print(",\n".join(f"        {key}: {swift(value)}" for key, value in members))
        print("    )")
    print("}")


if __name__ == "__main__":
    main()

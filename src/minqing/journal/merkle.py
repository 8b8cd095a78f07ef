"""The Merkle tree of RFC 6962, section 2.1: leaves and nodes are hashed apart, so that neither passes as the other."""

from __future__ import annotations

import hashlib


def leaf_hash(content: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """The root over leaves that come one by one, in memory that grows with the logarithm of their number."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Take the next leaf's hash (:func:`leaf_hash`)."""
        # each full pair of equal height becomes one node: as many as there are trailing ones in the size
        height, node = self.size, leaf
        while height & 1:
            node = node_hash(self._peaks.pop(), node)
            height >>= 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """32 bytes; of no leaves at all the hash of nothing."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        *rest, node = self._peaks
        for peak in reversed(rest):
            node = node_hash(peak, node)
        return node

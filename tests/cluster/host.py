"""A Ray cluster of two nodes on the loopback address, until standard input ends: ``python -m tests.cluster.host``.

Owns: the cluster of the tests. It prints its address as soon as both nodes are there.
"""

from __future__ import annotations

import os
import sys

# Read when Ray is imported: without it Ray takes the address of this machine in its network.
os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
NODES = 2


def main() -> None:
    from ray.cluster_utils import Cluster

    size = {"num_cpus": 1, "object_store_memory": 100_000_000, "node_ip_address": "127.0.0.1"}
    cluster = Cluster(initialize_head=True, head_node_args={**size, "include_dashboard": False})
    for _ in range(NODES - 1):
        cluster.add_node(wait=False, **size)
    cluster.wait_for_nodes()
    print(cluster.address, flush=True)
    sys.stdin.read()
    cluster.shutdown()


if __name__ == "__main__":
    main()

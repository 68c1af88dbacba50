"""A Ray cluster of two nodes on the loopback address: ``python -m tests.cluster.host PORT``.

Owns: the cluster of the tests, with the fewest processes. It prints its address as soon as both nodes are there; at the
first line of standard input the second node dies, at its end the cluster ends. PORT is that of Ray's client.
"""

from __future__ import annotations

import os
import sys

# Read when Ray is imported: without it Ray takes the address of this machine in its network.
os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
# On a busy machine the process for a client takes longer to start than the 30 seconds that Ray waits for it.
os.environ["RAY_CLIENT_SERVER_CHECK_CHANNEL_TIMEOUT_S"] = "85"
# A node is asked more often whether it lives; one that is slow to answer is not taken for dead sooner.
_SYSTEM = {"health_check_period_ms": 500}


def main() -> None:
    from ray.cluster_utils import Cluster

    size = {"num_cpus": 1, "object_store_memory": 100_000_000, "node_ip_address": "127.0.0.1"}
    spared = {"include_dashboard": False, "include_log_monitor": False, "no_monitor": True}
    head = {**size, **spared, "ray_client_server_port": int(sys.argv[1]), "_system_config": _SYSTEM}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    second = cluster.add_node(wait=False, **size, include_log_monitor=False)
    cluster.wait_for_nodes()
    print(cluster.address, flush=True)
    if sys.stdin.readline():
        cluster.remove_node(second, allow_graceful=False)
        print("killed", flush=True)
    sys.stdin.read()
    cluster.shutdown()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()

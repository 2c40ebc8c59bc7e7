"""Docker's documents about networks."""

from sampan.network import inspect
from sampan.state.endpoints import EndpointRecord
from sampan.state.networks import Network, Pool

NETWORK = Network(
    id="a" * 64,
    name="mine",
    created="2026-01-02T03:04:05.000000006Z",
    driver="bridge",
    pools=[Pool(subnet="10.7.0.0/24", gateway="10.7.0.1", auxiliary={"router": "10.7.0.9"})],
    labels={"a": "b"},
)
ENDPOINT = EndpointRecord(
    id="e" * 64,
    network_id="a" * 64,
    container_id="c" * 64,
    container_name="web",
    interface="eth0",
    mac="02:42:0a:07:00:02",
    address="10.7.0.2",
    prefix=24,
    gateway="10.7.0.1",
    attached=True,
)


def test_network_lists_pools_and_running_containers() -> None:
    waiting = EndpointRecord(
        id="f" * 64,
        network_id="a" * 64,
        container_id="d" * 64,
        container_name="x",
        interface="eth0",
    )
    document = inspect.network_document(NETWORK, [ENDPOINT, waiting])
    assert document["IPAM"] == {
        "Driver": "default",
        "Options": None,
        "Config": [
            {
                "Subnet": "10.7.0.0/24",
                "Gateway": "10.7.0.1",
                "AuxiliaryAddresses": {"router": "10.7.0.9"},
            }
        ],
    }
    assert document["Containers"] == {
        "c" * 64: {
            "Name": "web",
            "EndpointID": "e" * 64,
            "MacAddress": "02:42:0a:07:00:02",
            "IPv4Address": "10.7.0.2/24",
            "IPv6Address": "",
        }
    }
    assert (document["Name"], document["Labels"], document["Scope"]) == (
        "mine",
        {"a": "b"},
        "local",
    )


def test_list_shows_no_containers() -> None:
    assert inspect.summary_document(NETWORK)["Containers"] == {}


def test_endpoint_has_dockers_words() -> None:
    document = inspect.endpoint_document(ENDPOINT)
    assert (document["IPAddress"], document["IPPrefixLen"], document["Gateway"]) == (
        "10.7.0.2",
        24,
        "10.7.0.1",
    )

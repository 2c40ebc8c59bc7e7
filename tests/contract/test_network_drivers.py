"""What sampan.network.driver.Driver promises, held against every driver."""

import pytest
from tests.support.netlab import Lab

from sampan.linux.netlink.socket import Netlink
from sampan.network.driver import Driver
from sampan.network.drivers.bridge import BridgeDriver
from sampan.network.drivers.host import HostDriver
from sampan.network.drivers.null import NullDriver
from sampan.state.endpoints import EndpointRecord
from sampan.state.networks import Network, Pool

pytestmark = pytest.mark.root

FACTORIES = {
    "bridge": lambda netlink: BridgeDriver(netlink, guarded=True),
    "host": lambda _: HostDriver(),
    "null": lambda _: NullDriver(),
}


@pytest.fixture
def lab():
    with Lab() as made:
        yield made


@pytest.fixture(params=FACTORIES)
def driver(request, lab):
    with Netlink() as netlink:
        yield FACTORIES[request.param](netlink)


@pytest.fixture
def network(driver: Driver):
    device, pools = ("lab0", [Pool(subnet="10.7.0.0/24", gateway="10.7.0.1")])
    if not driver.has_addresses:
        device, pools = "", []
    return Network(
        id="a" * 64, name="lab", created="", driver=driver.name, device=device, pools=pools
    )


@pytest.fixture
def endpoint(driver: Driver):
    record = EndpointRecord(
        id="e" * 64, network_id="a" * 64, container_id="c", container_name="c", interface="eth0"
    )
    if driver.has_addresses:
        record.host_interface = "vetheeeeeee"
        record.mac, record.address, record.prefix = "02:42:0a:07:00:02", "10.7.0.2", 24
        record.gateway, record.default_route = "10.7.0.1", True
    return record


def test_a_name_and_the_network_of_that_driver_agree(driver, network):
    assert network.driver == driver.name


def test_every_step_can_be_repeated(lab, driver, network, endpoint):
    box = lab.sandbox()
    for _ in range(2):
        driver.ensure(network)
    for _ in range(2):
        driver.attach(network, endpoint, box.pidfd)
    for _ in range(2):
        driver.repair(network, endpoint)
    for lives_on in (True, True, False):
        driver.detach(endpoint, lives_on=lives_on)
    for _ in range(2):
        driver.remove(network)


def test_attach_gives_the_sandbox_what_the_endpoint_says(lab, driver, network, endpoint):
    box = lab.sandbox()
    driver.ensure(network)
    driver.attach(network, endpoint, box.pidfd)
    if driver.has_addresses:
        assert "10.7.0.2/24" in box.addresses()
        assert box.links()["eth0"].mac == endpoint.mac
        assert ("0.0.0.0/0", "10.7.0.1") in box.routes()
    else:
        assert "eth0" not in box.links()


def test_detach_of_what_is_gone_is_no_error(lab, driver, network, endpoint):
    driver.ensure(network)
    driver.detach(endpoint, lives_on=False)
    driver.repair(network, endpoint)


def test_removed_network_leaves_no_link(lab, driver, network, endpoint):
    before = set(lab.links())
    box = lab.sandbox()
    driver.ensure(network)
    driver.attach(network, endpoint, box.pidfd)
    driver.detach(endpoint, lives_on=True)
    driver.remove(network)
    assert set(lab.links()) == before

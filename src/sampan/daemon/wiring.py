"""Which class stands behind which name: the only place that knows them all."""

from sampan.cgroup.driver import detect
from sampan.daemon.settings import Settings
from sampan.daemon.translate import network_options
from sampan.engine.engine import Engine
from sampan.engine.options import Options
from sampan.images.store import Images
from sampan.network.networks import Networks
from sampan.state.database import Database
from sampan.storage.content import ContentStore
from sampan.storage.drivers.choice import choose


def build_engine(settings: Settings, options: Options) -> Engine:
    """One engine with its stores, nothing of it started."""
    data = options.data()
    database = Database(data.database)
    snapshots = choose(data, options.storage_driver)
    return Engine(
        options,
        database,
        Images(database, ContentStore(data), snapshots),
        snapshots,
        Networks(database, network_options(settings)),
        detect(),
    )

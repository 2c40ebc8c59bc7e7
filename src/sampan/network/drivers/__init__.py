"""Network drivers: one file each, all with the shape of sampan.network.driver.Driver."""

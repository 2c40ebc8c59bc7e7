"""Where the virtual machine's pieces are kept, drawn once. Outside git; `make clean` removes it.

.run/vm/
├── download/linux-image-….deb      as apt-get brought it
├── kernel-<version>/               what of it is needed: vmlinuz, modules
├── initrd-<version>.cpio           finds the disk
├── root-<key>.ext4                 Python, libraries, busybox, modules; key: of what it was made
├── code.tar                        src and tests, made anew each time
└── console.log                     what the kernel said last time
"""

import pathlib

REPOSITORY = pathlib.Path(__file__).parents[2]
CACHE = REPOSITORY / ".run" / "vm"
DOWNLOAD = CACHE / "download"
CODE = CACHE / "code.tar"
CONSOLE = CACHE / "console.log"

# Exists inside the machine, and nowhere else.
MARK = pathlib.Path("/sampan-vm")

from __future__ import annotations

from minqing.config.cli import main

main()

"""The made-up county: is there one, and making it; and real messages played through its services."""

from minqing.demo.services.loading import load_demo
from minqing.demo.services.replay import NobodyThere, Played, replay
from minqing.demo.services.replayed import Figures, replay_figures
from minqing.demo.services.state import Contents, beside, contents, ensure_demo, loaded_scale, sign_ins_table

__all__ = [
    "Contents",
    "Figures",
    "NobodyThere",
    "Played",
    "beside",
    "contents",
    "ensure_demo",
    "load_demo",
    "loaded_scale",
    "replay",
    "replay_figures",
    "sign_ins_table",
]

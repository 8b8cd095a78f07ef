"""Words of the journal."""

SPEC_VERSION = "1.0"
# PostgreSQL's NOTIFY channel on which the journal says that it has grown
CHANNEL = "minqing_journal"

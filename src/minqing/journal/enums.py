"""Words of the journal."""

SPEC_VERSION = "1.0"

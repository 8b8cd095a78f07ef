"""Forms of earning: the operator's, those of who confirms, and a resident's."""

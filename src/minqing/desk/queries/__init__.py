"""Reading for pages that need several rooms."""

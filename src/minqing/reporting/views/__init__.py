"""Pages of residents: report, follow, answer. They parse and call; nobody needs an account."""

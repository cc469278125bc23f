"""Word templates: kept in versions, checked when uploaded, filled in a locked process."""

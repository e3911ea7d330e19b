"""Web pieces every app's faces may use: hosts, guards, htmx replies, API permissions and error bodies."""

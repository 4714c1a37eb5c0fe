"""What makes the site an app: manifest, service worker, offline page, install help."""

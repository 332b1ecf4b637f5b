"""The service around the library: Flask, its store, and its server. Only this package knows HTTP."""

"""The way in: `python main.py` serves, and `main:app` is the application for any other WSGI server."""

import sys

from crosspatch.errors import CrosspatchError
from crosspatch.web.settings import load_settings

if __name__ == "__main__":
    # The workers build the application, after gevent has patched them: it must not be built here.
    from crosspatch.web.server import serve

    try:
        serve(load_settings())
    except CrosspatchError as fault:
        sys.exit(f"crosspatch: {fault}")
else:
    from crosspatch.web.app import create_app

    app = create_app(load_settings())

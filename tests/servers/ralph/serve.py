"""Serve Ralph on its file backend: what ``ralph runserver -b fs`` does, less the process that reloads code.

Runs in Ralph's own environment: ``python serve.py PORT``. Ralph 5.1 writes its file with "create", so its
second request fails with "already exists"; here it appends. Nothing else of it is changed.
"""

import sys

import uvicorn
from ralph.api import app
from ralph.backends.data.base import BaseOperationType
from ralph.backends.lrs.fs import FSLRSBackend

FSLRSBackend.default_operation_type = BaseOperationType.APPEND
uvicorn.run(app, port=int(sys.argv[1]))

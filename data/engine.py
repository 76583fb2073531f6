"""SQLAlchemy's engine for asyncio, without the ORM that its package imports for sessions.

This bot has no sessions, and the ORM costs each start 0.2 s and 15 MB. SQLAlchemy offers no way around it
(https://github.com/sqlalchemy/sqlalchemy/blob/main/lib/sqlalchemy/ext/asyncio/__init__.py), so the package is put in place unexecuted and
only its engine is imported. Whoever asks the package for more gets it whole.
"""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy.ext
from sqlalchemy.util import concurrency

if TYPE_CHECKING:
    from types import ModuleType

PACKAGE: Final = "sqlalchemy.ext.asyncio"


def _put_in_place() -> None:
    spec = importlib.util.find_spec(PACKAGE)
    if PACKAGE in sys.modules or spec is None or spec.loader is None:
        return
    loader = spec.loader
    package: ModuleType = importlib.util.module_from_spec(spec)

    def whole(name: str) -> Any:
        if name.startswith("_") or importlib.util.find_spec(f"{PACKAGE}.{name}"):
            raise AttributeError(name)
        del package.__dict__["__getattr__"]
        loader.exec_module(package)
        return getattr(package, name)

    package.__dict__["__getattr__"] = whole
    sys.modules[PACKAGE] = package
    sqlalchemy.ext.__dict__["asyncio"] = package
    # The one thing that the package does besides importing.
    concurrency._concurrency_shim._initialize()  # noqa: SLF001


_put_in_place()

from sqlalchemy.ext.asyncio.engine import AsyncConnection, AsyncEngine, create_async_engine  # noqa: E402 - only now

__all__ = ["AsyncConnection", "AsyncEngine", "create_async_engine"]

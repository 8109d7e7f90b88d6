"""The configuration: one frozen dataclass, and the only reader of the environment."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self
from urllib.parse import SplitResult, urlsplit

from flask import current_app
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT: Final = Path(__file__).resolve().parent
LOOPBACK_HOSTS: Final = ("127.0.0.1", "localhost", "[::1]")
SHORTEST_KEY: Final = 32


class ConfigError(Exception):
    """The program cannot start: the message lists every fault that was found."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("the configuration is faulty:" + "".join(f"\n  {f}" for f in faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that differs between two installations."""

    database_url: str = field(repr=False)
    """A full SQLAlchemy address: an absolute path for SQLite, driver `psycopg` for PostgreSQL."""
    redis_url: str | None = field(repr=False)
    secret_key: str = field(repr=False)
    field_key: bytes = field(repr=False)
    """32 bytes that encrypt single fields."""
    audit_key: bytes = field(repr=False)
    """32 bytes that chain history and audit entries."""
    data_dir: Path
    seals_dir: Path
    """Where `<credit code of a unit>.p12` is the key that the unit seals with."""
    public_base_url: str
    """Without a slash at the end."""
    trusted_hosts: tuple[str, ...]
    rules: str
    """The name of a file of `workflows/rules/`, without its ending."""
    demo: bool

    @property
    def https(self) -> bool:
        """Whether people reach the program over TLS, so that cookies may insist on it."""
        return self.public_base_url.startswith("https://")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read the environment; a variable that is empty counts as not set.

        Raises ConfigError with all faults at once.
        """
        reader = _Reader(os.environ if environ is None else environ)
        base_url = reader.base_url()
        demo = reader.demo(base_url)
        data_dir = reader.data_dir()
        values = cls(
            database_url=reader.database_url(),
            redis_url=reader.redis_url(),
            secret_key=reader.key("SECRET_KEY", data_dir, make=demo),
            field_key=derived("field", reader.key("FIELD_KEY", data_dir, make=demo)),
            audit_key=derived("audit", reader.key("AUDIT_KEY", data_dir, make=demo)),
            data_dir=data_dir,
            seals_dir=reader.folder("SEALS_DIR", data_dir / "seals"),
            public_base_url=base_url,
            trusted_hosts=reader.trusted_hosts(base_url),
            rules=reader.rules(),
            demo=demo,
        )
        if reader.faults:
            raise ConfigError(reader.faults)
        return values

    @classmethod
    def for_tests(cls, data_dir: Path, database_url: str | None = None) -> Self:
        """Fixed keys and, unless told otherwise, a SQLite file of its own in `data_dir`."""
        return cls(
            database_url=_full_database_url(database_url or f"sqlite:///{data_dir / 'test.db'}"),
            redis_url=None,
            secret_key="a secret key that only tests may use",  # noqa: S106 -- it protects nothing
            field_key=derived("field", "a field key that only tests may use"),
            audit_key=derived("audit", "an audit key that only tests may use"),
            data_dir=data_dir,
            seals_dir=data_dir / "seals",
            public_base_url="http://localhost",
            trusted_hosts=LOOPBACK_HOSTS,
            rules="national",
            demo=True,
        )


def current() -> Config:
    """The configuration of the application that is running."""
    config: Config = current_app.config["REDRESS"]
    return config


def derived(purpose: str, key: str) -> bytes:
    """32 bytes for one purpose, so that one text given for two keys does not make them equal."""
    return hashlib.sha256(f"redress:{purpose}:{key}".encode()).digest()


def is_loopback(url: str) -> bool:
    """Whether nobody but this machine can reach the address."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _full_database_url(text: str) -> str:
    """Raises ValueError where the address is none or means a database we do not serve."""
    try:
        url = make_url(text)
    except ArgumentError:
        message = "is not the address of a database"
        raise ValueError(message) from None
    match url.drivername:
        case "sqlite" if url.database and url.database != ":memory:" and not url.query:
            url = url.set(database=str(ROOT / url.database))
        case "sqlite":
            message = "SQLite needs a file that web and worker share, without parameters"
            raise ValueError(message)
        case "postgresql" | "postgres" | "postgresql+psycopg":
            url = url.set(drivername="postgresql+psycopg")
        case _:
            message = "only sqlite:/// and postgresql:// are served"
            raise ValueError(message)
    return url.render_as_string(hide_password=False)


class _Reader:
    """Reads one variable after the other and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def get(self, name: str) -> str | None:
        return self.environ.get(name, "").strip() or None

    def base_url(self) -> str:
        default = f"http://127.0.0.1:{self.get('PORT') or 8000}"
        text = (self.get("PUBLIC_BASE_URL") or default).rstrip("/")
        try:
            parts = urlsplit(text)
            whole = _is_web_address(parts)
        except ValueError:
            whole = False
        if not whole:
            self.faults.append("PUBLIC_BASE_URL: not an address such as https://credit.example")
            return default
        return text

    def demo(self, base_url: str) -> bool:
        """The commands of flask are a demonstration by default, a server must be told."""
        loopback = is_loopback(base_url)
        command = self.get("FLASK_RUN_FROM_CLI") == "true"
        text = self.get("DEMO") or ("1" if command and loopback else "0")
        if text not in {"0", "1"}:
            self.faults.append("DEMO: neither 0 nor 1")
        elif text == "1" and not loopback:
            self.faults.append(
                "DEMO: a demonstration has public passwords, so PUBLIC_BASE_URL must be a "
                "loopback address",
            )
        return text == "1"

    def data_dir(self) -> Path:
        path = ROOT / (self.get("DATA_DIR") or "var")
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            self.faults.append(f"DATA_DIR: {error}")
        return path

    def database_url(self) -> str:
        text = self.get("DATABASE_URL") or "sqlite:///var/redress.db"
        try:
            return _full_database_url(text)
        except ValueError as error:
            self.faults.append(f"DATABASE_URL: {error}")
            return ""

    def redis_url(self) -> str | None:
        text = self.get("REDIS_URL")
        if text and not text.startswith(("redis://", "rediss://", "unix://")):
            self.faults.append("REDIS_URL: begins with none of redis://, rediss://, unix://")
        return text

    def trusted_hosts(self, base_url: str) -> tuple[str, ...]:
        text = self.get("TRUSTED_HOSTS")
        if text:
            return tuple(host for host in re.split(r"[,\s]+", text) if host)
        if is_loopback(base_url):
            return LOOPBACK_HOSTS
        return (urlsplit(base_url).hostname or "",)

    def rules(self) -> str:
        name = self.get("RULES") or "national"
        known = {path.stem for path in (ROOT / "workflows" / "rules").glob("*.toml")}
        if not re.fullmatch(r"[a-z0-9_]+", name) or (known and name not in known):
            self.faults.append(f"RULES: no such file; there are {', '.join(sorted(known))}")
        return name

    def folder(self, name: str, default: Path) -> Path:
        text = self.get(name)
        return ROOT / Path(text).expanduser() if text else default

    def key(self, name: str, data_dir: Path, *, make: bool) -> str:
        text = self.get(name)
        if text is None:
            path = data_dir / f"{name.lower().removesuffix('_key')}.key"
            try:
                text = _key_file(path, make=make)
            except OSError as error:
                self.faults.append(f"{name}: {error}")
                return ""
        if text is None:
            self.faults.append(f"{name}: missing, and only a demonstration makes its own")
        elif len(text) < SHORTEST_KEY:
            self.faults.append(f"{name}: shorter than {SHORTEST_KEY} characters")
        return text or ""


def _is_web_address(parts: SplitResult) -> bool:
    _ = parts.port  # raises ValueError where it is no number
    extra = parts.path or parts.query or parts.fragment or parts.username
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not extra


def _key_file(path: Path, *, make: bool) -> str | None:
    """The key kept in the file; processes that make it at the same time agree on one."""
    if make and not path.exists():
        _publish(path, secrets.token_hex(32))
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        message = f"{path} must be readable for its owner alone (chmod 600)"
        raise PermissionError(message)
    return path.read_text(encoding="ascii").strip()


def _publish(path: Path, text: str) -> None:
    """Write a file that appears whole or not at all, and leave one that is there as it is."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()

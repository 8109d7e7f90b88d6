"""What the environment may say, and what stops the start."""

import stat
import threading

import pytest

from config import LOOPBACK_HOSTS, ROOT, Config, ConfigError, is_loopback

KEYS = {name: name.lower() * 10 for name in ("SECRET_KEY", "FIELD_KEY", "AUDIT_KEY")}


@pytest.fixture
def environ(tmp_path):
    """An installation that is none of a demonstration."""
    return {
        "DATA_DIR": str(tmp_path),
        "DEMO": "0",
        "PUBLIC_BASE_URL": "https://credit.example",
        **KEYS,
    }


def test_the_defaults_are_a_demonstration_of_the_commands(tmp_path):
    config = Config.from_env({"DATA_DIR": str(tmp_path), "FLASK_RUN_FROM_CLI": "true"})
    assert config.demo
    assert config.database_url == f"sqlite:///{ROOT}/var/redress.db"
    assert config.public_base_url == "http://127.0.0.1:8000"
    assert config.trusted_hosts == LOOPBACK_HOSTS
    assert config.redis_url is None
    assert config.rules == "national"
    assert not config.https


def test_a_server_is_no_demonstration_unless_it_is_told(tmp_path):
    with pytest.raises(ConfigError) as refusal:
        Config.from_env({"DATA_DIR": str(tmp_path)})
    assert len(refusal.value.faults) == 3
    assert Config.from_env({"DATA_DIR": str(tmp_path), "DEMO": "1"}).demo


def test_the_data_directory_is_var_by_default():
    config = Config.from_env({"DEMO": "0", **KEYS})
    assert config.data_dir == ROOT / "var"


@pytest.mark.parametrize(
    ("base_url", "demo"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost", True),
        ("http://[::1]:9000/", True),
        ("https://credit.example", False),
        ("http://localhost.credit.example", False),
        ("http://192.168.1.2", False),
    ],
)
def test_the_commands_are_a_demonstration_only_on_a_loopback_address(environ, base_url, demo):
    environ |= {"DEMO": "", "FLASK_RUN_FROM_CLI": "true", "PUBLIC_BASE_URL": base_url}
    assert Config.from_env(environ).demo is demo
    assert is_loopback(base_url) is demo


def test_a_demonstration_is_refused_on_a_public_address(environ):
    with pytest.raises(ConfigError, match=r"DEMO: .*loopback"):
        Config.from_env(environ | {"DEMO": "1"})


def test_the_trusted_host_is_that_of_the_public_address(environ):
    assert Config.from_env(environ).trusted_hosts == ("credit.example",)
    environ["TRUSTED_HOSTS"] = "a.example, b.example"
    assert Config.from_env(environ).trusted_hosts == ("a.example", "b.example")


def test_all_faults_are_told_at_once(tmp_path):
    file = tmp_path / "file"
    file.touch()
    environ = {
        "DATABASE_URL": "mysql://host/db",
        "REDIS_URL": "http://host",
        "SECRET_KEY": "short",
        "DATA_DIR": str(file),
        "PUBLIC_BASE_URL": "credit.example",
        "RULES": "../national",
        "DEMO": "yes",
    }
    with pytest.raises(ConfigError) as refusal:
        Config.from_env(environ)
    named = {fault.split(":")[0] for fault in refusal.value.faults}
    assert named == {*environ, "FIELD_KEY", "AUDIT_KEY"}
    assert all(fault in str(refusal.value) for fault in refusal.value.faults)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("sqlite:///var/x.db", f"sqlite:///{ROOT}/var/x.db"),
        ("sqlite:////srv/x.db", "sqlite:////srv/x.db"),
        ("postgresql://u:p%40@h:5433/d", "postgresql+psycopg://u:p%40@h:5433/d"),
        ("postgres://h/d", "postgresql+psycopg://h/d"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
    ],
)
def test_a_database_is_addressed(environ, given, expected):
    assert Config.from_env(environ | {"DATABASE_URL": given}).database_url == expected


@pytest.mark.parametrize(
    "given", ["sqlite://", "sqlite:///:memory:", "sqlite:///x.db?mode=ro", "mysql://h/d", "x"]
)
def test_another_database_is_refused(environ, given):
    with pytest.raises(ConfigError, match="DATABASE_URL"):
        Config.from_env(environ | {"DATABASE_URL": given})


@pytest.mark.parametrize(
    "given", ["credit.example", "ftp://h", "https://h/path", "https://h:port", "https://u@h"]
)
def test_a_public_address_has_no_path(environ, given):
    with pytest.raises(ConfigError, match="PUBLIC_BASE_URL"):
        Config.from_env(environ | {"PUBLIC_BASE_URL": given})


def test_a_missing_key_stops_what_is_no_demonstration(environ, tmp_path):
    del environ["AUDIT_KEY"]
    with pytest.raises(ConfigError, match="AUDIT_KEY: missing"):
        Config.from_env(environ)
    assert not list(tmp_path.iterdir())


def test_a_demonstration_makes_its_keys_once_and_for_its_owner_alone(tmp_path):
    environ = {"DATA_DIR": str(tmp_path / "new"), "DEMO": "1"}
    first, second = Config.from_env(environ), Config.from_env(environ)
    assert first == second
    files = list((tmp_path / "new").iterdir())
    assert sorted(file.name for file in files) == ["audit.key", "field.key", "secret.key"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert len({first.field_key, first.audit_key, first.secret_key.encode()}) == 3


def test_the_environment_goes_before_the_files(tmp_path):
    environ = {"DATA_DIR": str(tmp_path), "DEMO": "1"}
    made = Config.from_env(environ)
    given = Config.from_env(environ | {"FIELD_KEY": "f" * 32})
    assert given.field_key != made.field_key
    assert given.audit_key == made.audit_key


def test_processes_that_start_at_once_agree_on_the_keys(tmp_path):
    start = threading.Barrier(8)
    found = []

    def read() -> None:
        start.wait()
        found.append(Config.from_env({"DATA_DIR": str(tmp_path), "DEMO": "1"}))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({(c.secret_key, c.field_key, c.audit_key) for c in found}) == 1
    assert len(list(tmp_path.iterdir())) == 3


def test_a_key_that_others_can_read_is_refused(environ, tmp_path):
    del environ["FIELD_KEY"]
    file = tmp_path / "field.key"
    file.write_text("f" * 64)
    file.chmod(0o644)
    with pytest.raises(ConfigError, match=r"FIELD_KEY: .*chmod 600"):
        Config.from_env(environ)


def test_the_same_text_for_two_keys_does_not_make_them_equal(environ):
    config = Config.from_env(environ | {"FIELD_KEY": "x" * 32, "AUDIT_KEY": "x" * 32})
    assert config.field_key != config.audit_key


def test_no_secret_is_printed(environ):
    config = Config.from_env(environ | {"DATABASE_URL": "postgresql://u:hush@h/d"})
    assert not any(secret in repr(config) for secret in [*KEYS.values(), "hush", "field_key"])

"""What is shipped: names, lock, images, and nothing in the repository that ties it to one machine or registry."""

import importlib.util
import re
import shutil
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("belfry", "producers", "processors", "schemas")
LOCKS = ("requirements.lock", "requirements-bootstrap.lock")

# Written in two pieces, so that this file doesn't hold what it looks for.
REGISTRY_HOSTS = re.compile(
    "|".join(
        rf"{first}{second}"
        for first, second in (
            (r"\bpyp", r"i\.org"),
            ("pythonhos", r"ted\.org"),
            (r"\bmav", r"en\.(?:org|apache)"),
            (r"\bnpm", r"js\.(?:org|com)"),
            (r"\bdeb", r"ian\.org"),
            (r"\bcrat", r"es\.io"),
            (r"\bgol", r"ang\.org"),
            (r"\bdoc", r"ker\.(?:io|elastic)"),
            (r"\bgh", r"cr\.io"),
            (r"\bqua", r"y\.io"),
        )
    ),
    re.IGNORECASE,
)
MACHINE_PATHS = re.compile(r"(?:^|[^A-Za-z0-9_.])/(?:wor" + r"k|far" + r"m|roo" + r"t)/[A-Za-z.]", re.MULTILINE)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def project() -> dict[str, Any]:
    return tomllib.loads(read("pyproject.toml"))


def normal_name(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", requirement)[0]).lower()


def requirements(lock: str) -> dict[str, str]:
    """Name to everything that the lock says of it: version, marker, hashes."""
    joined = re.sub(r"\\\n\s*", " ", lock)
    lines = [line for line in joined.splitlines() if line and not line.lstrip().startswith("#")]
    return {normal_name(line): line for line in lines}


def compose() -> dict[str, Any]:
    return yaml.safe_load(read("docker-compose.yml"))


def services() -> list[tuple[str, dict[str, Any]]]:
    return list(compose()["services"].items())


@pytest.fixture(scope="module")
def tracked() -> list[tuple[str, str]]:
    """Path and text of every tracked text file, as it stands in the work tree."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("needs git and a checkout: clone the repository, install git")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    files: list[tuple[str, str]] = []
    for name in listed.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file() and b"\0" not in (data := path.read_bytes())[:8000]:
            files.append((name, data.decode("utf-8", "replace")))
    return files


@pytest.mark.parametrize("name", PACKAGES)
def test_no_other_distribution_owns_our_package_names(name: str):
    assert set(metadata.packages_distributions().get(name, ["belfry"])) == {"belfry"}
    found = importlib.util.find_spec(name)
    assert found is not None
    assert Path(found.origin or "").parent == ROOT / name


def test_it_can_never_be_uploaded_to_an_index_by_mistake():
    declared = project()["project"]["classifiers"]
    assert "Private :: Do Not Upload" in declared
    assert "Private :: Do Not Upload" in (metadata.metadata("belfry").get_all("Classifier") or [])


def test_all_four_packages_are_built():
    assert tuple(sorted(project()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])) == tuple(sorted(PACKAGES))


def test_no_tracked_file_names_a_registrys_host(tracked: list[tuple[str, str]]):
    found = [f"{name}: {match[0]}" for name, text in tracked for match in REGISTRY_HOSTS.finditer(text)]
    assert found == []


def test_no_tracked_file_holds_a_path_of_one_machine(tracked: list[tuple[str, str]]):
    found = [f"{name}: {match[0]!r}" for name, text in tracked for match in MACHINE_PATHS.finditer(text)]
    assert found == []


@pytest.mark.parametrize(
    "text", ["https://py" + "pi.org/simple", "repo1.mav" + "en.org", "gh" + "cr.io/x", "registry.npm" + "js.org"]
)
def test_a_registrys_host_would_be_found(text: str):
    assert REGISTRY_HOSTS.search(f"see {text} there")


@pytest.mark.parametrize("text", ["/wor" + "k/main/x", "cd /roo" + "t/.cache", 'open("/wor' + 'k/shared")'])
def test_a_machines_path_would_be_found(text: str):
    assert MACHINE_PATHS.search(text)


@pytest.mark.parametrize("text", ["teamwork/main", "./work/x", "/workers/", "root/x"])
def test_other_paths_are_no_machines_paths(text: str):
    assert not MACHINE_PATHS.search(text)


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_locked_has_a_version_and_hashes(lock: str):
    locked = requirements(read(lock))
    assert locked
    wrong = [name for name, line in locked.items() if "==" not in line or "--hash=sha256:" not in line]
    assert wrong == []


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_says_nothing_of_where_packages_come_from(lock: str):
    text = read(lock)
    assert "://" not in text
    assert not re.search(r"^\s*(?:-i|-f|--(?:extra-)?index-url|--find-links|--trusted-host)\b", text, re.MULTILINE)


def test_everything_declared_is_locked():
    declared = [*project()["project"]["dependencies"], *project()["dependency-groups"]["dev"]]
    locked = requirements(read("requirements.lock"))
    assert [name for requirement in declared if (name := normal_name(requirement)) not in locked] == []


SHORT_NAME = re.compile(r"[a-z0-9]+(?:/[a-z0-9]+)?:\d+\.\d+(?:\.\d+)?(?:-[a-z]+)?")
"""No registry's host before the name, and a version that doesn't move."""


def test_every_image_has_a_short_name_and_a_version():
    images = [service["image"] for _, service in services()]
    images += re.findall(r"^FROM (\S+)", read("Dockerfile"), re.MULTILINE)
    assert len(images) == 6
    assert [image for image in images if not SHORT_NAME.fullmatch(image)] == []


def test_every_published_port_is_bound_to_this_machine_only():
    ports = [str(port) for _, service in services() for port in service.get("ports", [])]
    assert len(ports) == 3
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []
    assert [name for name, service in services() if "network_mode" in service] == []


def test_every_server_is_health_checked_and_waited_for():
    healthy = {name for name, service in services() if "healthcheck" in service}
    assert healthy == {"kafka", "elasticsearch", "kibana"}
    assert compose()["services"]["belfry"]["depends_on"] == {
        name: {"condition": "service_healthy"} for name in ("kafka", "elasticsearch")
    }


def test_every_volume_that_is_mounted_is_declared():
    mounted = {volume.split(":")[0] for _, service in services() for volume in service.get("volumes", [])}
    assert mounted == set(compose()["volumes"])


def test_kafka_in_compose_tells_each_side_an_address_it_can_reach():
    kafka = compose()["services"]["kafka"]["environment"]
    advertised = dict(one.split("://") for one in kafka["KAFKA_ADVERTISED_LISTENERS"].split(","))
    belfry = compose()["services"]["belfry"]["environment"]
    assert advertised["INSIDE"] == belfry["BELFRY_KAFKA_BOOTSTRAP"]
    assert advertised["OUTSIDE"].startswith("127.0.0.1:")
    assert kafka["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_the_image_runs_as_nobody_special_and_is_health_checked():
    last_stage = read("Dockerfile").rpartition("\nFROM ")[2]
    user = re.search(r"^USER (\d+):\d+$", last_stage, re.MULTILINE)
    assert user is not None
    assert int(user[1]) > 0
    assert re.search(r"^HEALTHCHECK .* CMD \[", last_stage, re.MULTILINE)


def test_everything_installed_into_the_image_is_checked_against_a_lock():
    joined = re.sub(r"\\\n\s*", " ", read("Dockerfile"))
    installs = re.findall(r"\bpip install\b[^&\n]*", joined)
    assert len(installs) == 3
    unchecked = [one for one in installs if "--require-hashes" not in one and "--build-constraints" not in one]
    assert unchecked == []
    assert not re.search(r"^ADD |curl|wget|apt-get", joined, re.MULTILINE)


def test_hooks_run_the_projects_own_tools_and_fetch_nothing():
    hooks = yaml.safe_load(read(".pre-commit-config.yaml"))
    assert {repo["repo"] for repo in hooks["repos"]} == {"local"}
    tools = [hook["entry"].split()[0] for repo in hooks["repos"] for hook in repo["hooks"]]
    assert tools
    installed = set(requirements(read("requirements.lock")))
    names = {".venv/bin/lint-imports": "import-linter", ".venv/bin/python": "pytest"}
    assert [tool for tool in tools if names.get(tool, Path(tool).name) not in installed] == []
    assert all(tool.startswith(".venv/bin/") for tool in tools)

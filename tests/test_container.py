"""The recipe of the container: it keeps to rules, and its steps work when they are done one by one, without a daemon.

The steps are done in a folder that stands for the root of the image: every path that the recipe names is moved there.
What is on the machine takes the place of the base image, and links to installed packages the place of what pip fetches.
As root, the last steps are done as the user of the image, who may write nowhere but in the volumes, and as the first
process of a namespace, as in a container.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
import yaml

from rag.cli.app import app
from rag.settings import DATA_FOLDER
from tests.bare_environment import bare_variables, make_bare_environment
from tests.conftest import LIBRARY, ROOT, write_files
from tests.dockerfile import Stage, read_dockerfile
from tests.loopback import SECONDS, free_port, status_of, wait_until

STAGES = read_dockerfile(ROOT / "Dockerfile")
BUILD, FINAL = STAGES
INSTRUCTIONS = [one for stage in STAGES for one in stage.instructions]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
CLUSTER = yaml.safe_load((ROOT / "compose.cluster.yaml").read_text(encoding="utf-8"))
# Of the cluster, those that run Footnote; the others are a proxy and what keeps the data.
REPLICAS = [name for name, one in CLUSTER["services"].items() if one["image"] == "footnote"]
IGNORED = [
    line
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]
# The folders of the image that the recipe names.
_FOLDERS = ("/opt", "/src", "/data", "/models")
_UID = FINAL.last("USER").value.partition(":")[0]
_IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def is_sent(path: str) -> bool:
    """Return whether `.dockerignore` lets a path go to the daemon; the last pattern that fits decides."""
    sent = True
    for line in IGNORED:
        pattern = line.removeprefix("!").removeprefix("**/")
        parts = path.split("/")
        # A folder that is let in or kept out is so with all in it.
        if any(fnmatch.fnmatch("/".join(parts[: n + 1]), pattern) for n in range(len(parts))) or (
            line.startswith("**/") and any(fnmatch.fnmatch(part, pattern) for part in parts)
        ):
            sent = line.startswith("!")
    return sent


# -- the rules ---------------------------------------------------------------------------------------------------------


def test_every_stage_begins_with_one_pinned_image() -> None:
    bases = {stage.base for stage in STAGES}
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.1[1-9]-slim-\w+", bases.pop())


def test_nothing_comes_from_the_network_but_by_pip() -> None:
    assert "ADD" not in {one.name for one in INSTRUCTIONS}
    runs = [one.value for one in INSTRUCTIONS if one.name == "RUN"]
    assert not [run for run in runs if re.search(r"\b(curl|wget|git|apt-get)\b|https?://", run)]
    installs = [run for run in runs if "pip install" in run]
    assert installs
    environment = " ".join(one.value for one in BUILD.instructions if one.name == "ENV")
    assert "PIP_CONSTRAINT=/src/constraints.txt" in environment


def test_what_is_copied_is_there_and_is_sent_to_the_daemon() -> None:
    for copy in [one for one in INSTRUCTIONS if one.name == "COPY" and "from" not in one.options]:
        for source in copy.words[:-1]:
            assert (ROOT / source).exists(), source
            assert is_sent(source), source
    for tracked in ("rag/languages/parallel.json", "ui/static/fonts/inter-latin.woff2", "prompts/answer.md"):
        assert is_sent(tracked)


@pytest.mark.parametrize(
    "path",
    [".git/config", "indexes/default/catalog.sqlite", ".env", "users.json", ".venv/bin/python", "tests/fakes.py"],
)
def test_what_is_private_or_not_needed_is_not_sent(path: str) -> None:
    assert not is_sent(path)


def test_all_that_the_wheel_is_built_from_is_copied() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    copied = {word for one in BUILD.instructions if one.name == "COPY" for word in one.words[:-1]}
    assert {"rag", "ui", "prompts", "README.md", "LICENSE", "pyproject.toml", "constraints.txt"} <= copied
    (packages,) = re.findall(r"wheel\]\npackages = \[(.*?)\]", project)
    included = re.findall(r"^(\w+) = \"rag/", project.partition("force-include]")[2], re.M)
    assert {*re.findall(r'"(\w+)"', packages), *included} <= copied


def test_it_runs_as_nobody_who_owns_the_program() -> None:
    user, _, group = FINAL.last("USER").value.partition(":")
    assert int(user) >= 1000
    assert int(group) >= 1000
    names = [one.name for one in FINAL.instructions]
    assert "RUN" not in names[names.index("USER") :]
    assert FINAL.last("STOPSIGNAL").value == "SIGTERM"
    assert FINAL.last("ENTRYPOINT").words == ["rag"]
    assert set(FINAL.last("VOLUME").words) == {"/data", "/models"}


def test_no_secret_and_no_model_is_baked_in() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert not re.search(r"(?i)(password|secret|token|api_key)\s*=", text)
    assert "models pull" not in text
    assert "--insecure" not in text


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_a_service_of_compose_is_closed_and_bounded(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["init"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["mem_limit"]
    assert service["cpus"]
    assert service["pids_limit"]
    # Only this computer reaches it until somebody says otherwise, and who does needs a key or a password.
    assert all(port.startswith("${ADDRESS:-127.0.0.1}:") for port in service["ports"])
    assert "--insecure" not in service["command"]
    for volume in service["volumes"]:
        source = re.sub(r"\$\{\w+:-(.*)\}", r"\1", volume.rpartition(":/")[0])
        assert (ROOT / source).exists() if source.startswith(".") else source in COMPOSE["volumes"], volume
    port, _, path = service["environment"]["HEALTH"].partition("/")
    assert service["ports"][0].endswith(f":{port}")
    assert path in ("healthz", "health")
    assert int(service["ports"][0].rpartition(":")[2]) in map(int, FINAL.last("EXPOSE").value.split())


def test_the_arguments_of_compose_are_those_of_the_recipe() -> None:
    arguments = {one.value.partition("=")[0] for one in INSTRUCTIONS if one.name == "ARG"}
    for service in (*COMPOSE["services"].values(), *(CLUSTER["services"][name] for name in REPLICAS)):
        assert set(service["build"]["args"]) == arguments


def test_the_commands_of_compose_are_understood() -> None:
    from typer.main import get_command

    from rag.cli.app import app

    for service in (*COMPOSE["services"].values(), *(CLUSTER["services"][name] for name in REPLICAS)):
        name, *arguments = service["command"]
        command = get_command(app).get_command(None, name)  # type: ignore[attr-defined]
        command.make_context(name, arguments)


# -- the cluster -------------------------------------------------------------------------------------------------------


def test_replicas_are_closed_and_bounded_and_alike() -> None:
    services = CLUSTER["services"]
    assert sorted(REPLICAS) == ["chat-1", "chat-2", "service-1", "service-2"]
    for name, service in services.items():
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["mem_limit"], name
        assert service["cpus"], name
        assert service["pids_limit"], name
        assert service["restart"] == "unless-stopped", name
        # Nobody reaches them but through the proxy.
        assert bool(service.get("ports")) == (name == "proxy"), name
        assert service["networks"] == (["inside", "outside"] if name == "proxy" else ["inside"]), name
        for volume in service["volumes"]:
            source = re.sub(r"\$\{\w+:-(.*)\}", r"\1", volume.rpartition(":/")[0])
            assert (ROOT / source).exists() if source.startswith(".") else source in CLUSTER["volumes"], volume
    assert all(port.startswith("${ADDRESS:-127.0.0.1}:") for port in services["proxy"]["ports"])
    for name in REPLICAS:
        service, kind = services[name], name.partition("-")[0]
        assert service == services[f"{kind}-1"], "one is as good as the other"
        assert (service["read_only"], service["init"], service["cap_drop"]) == (True, True, ["ALL"])
        assert "--insecure" not in service["command"]
        environment = service["environment"]
        assert environment["RAG_DATABASE_URL"].endswith("@database:5432/footnote")
        assert environment["RAG_CHROMA_URL"] == "http://vectors:8000"
        assert environment["RAG_TRUSTED_PROXIES"] == CLUSTER["networks"]["inside"]["ipam"]["config"][0]["subnet"]
        assert environment["HEALTH"] == COMPOSE["services"][kind]["environment"]["HEALTH"]
        assert "postgres" in service["build"]["args"]["EXTRAS"]
    # The password is nowhere in the file, and none is no password.
    text = (ROOT / "compose.cluster.yaml").read_text(encoding="utf-8")
    assert text.count("${DATABASE_PASSWORD:?") == 2
    client = re.search(r"^chromadb==(\S+)", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.M)
    assert client is not None
    assert services["vectors"]["image"] == f"chromadb/chroma:{client[1]}", "client and server are of one version"


def test_the_proxy_leads_to_every_replica_and_to_nothing_else() -> None:
    recipe = (ROOT / "compose.cluster.nginx.conf").read_text(encoding="utf-8")
    led = re.findall(r"^ +server ([\w-]+):(\d+) ", recipe, re.M)
    health = {name: CLUSTER["services"][name]["environment"]["HEALTH"].partition("/")[0] for name in REPLICAS}
    assert dict(led) == health
    assert len(led) == len(REPLICAS)
    published = {port.rpartition(":")[2] for port in CLUSTER["services"]["proxy"]["ports"]}
    assert set(re.findall(r"listen (\d+);", recipe)) == published == set(health.values())
    for line in ("proxy_buffering off;", "client_max_body_size 0;", "proxy_set_header X-Forwarded-For $remote_addr;"):
        assert line in recipe
    assert recipe.count("access_log /var/log/nginx/access.log calls;") == recipe.count("    listen "), (
        "no address in it"
    )
    assert "proxy_next_upstream error timeout;" in recipe, "a replica that answers 502 or 503 is not passed over"
    from rag.hosting.users import COOKIE

    assert f"map $cookie_{COOKIE} $person" in recipe, "a page stays at one replica"


# -- the steps ---------------------------------------------------------------------------------------------------------


# What says something of the image, and does nothing while it is built.
_SAYS = {"VOLUME", "USER", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"}


class Image:
    """The steps of the recipe, done in a folder. A stage begins with nothing of those before it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.variables: dict[str, str] = {}
        self.at = root
        self.stages: dict[str, Path] = {}

    def moved(self, text: str) -> str:
        """Return a text with every folder of the image moved below the root."""
        return re.sub(
            rf"(?<![\w./])({'|'.join(_FOLDERS)})(?=[/\s:\"']|$)", lambda found: f"{self.root}{found[1]}", text
        )

    def expanded(self, text: str) -> str:
        known = {**self.variables, "PATH": self.variables.get("PATH", os.environ["PATH"])}
        return re.sub(r"\$(\w+)", lambda found: known.get(found[1], ""), self.moved(text))

    def do(self, stage: Stage) -> None:
        """Do all steps of a stage, in order, but those that only say something of the image."""
        self.variables, self.at = bare_variables(self.root), self.root
        # The `python` of the base image.
        self.variables["PATH"] = f"{Path(sys.base_prefix) / 'bin'}{os.pathsep}{self.variables['PATH']}"
        for one in stage.instructions:
            if one.name == "ARG":
                name, _, value = one.value.partition("=")
                self.variables[name] = value.strip('"')
            elif one.name == "ENV":
                for word in shlex.split(self.expanded(one.value)):
                    name, _, value = word.partition("=")
                    self.variables[name] = value
            elif one.name == "WORKDIR":
                self.at = Path(self.moved(one.value))
                self.at.mkdir(parents=True, exist_ok=True)
            elif one.name == "COPY" and "from" in one.options:
                source, to = one.words
                shutil.copytree(self.stages[one.options["from"]] / source[1:], self.moved(to), symlinks=True)
            elif one.name == "COPY":
                self._copy(one.words)
            elif one.name == "RUN" and (_IS_ROOT or "-o 10001" not in one.value):
                self.run(one.value)
            elif one.name == "RUN":
                for folder in ("data", "models"):
                    (self.root / folder).mkdir()
            else:
                assert one.name in _SAYS, f"{one.name} is done by nothing here"
        if stage.name:
            self.stages[stage.name] = self.root.with_name(f"{self.root.name}-{stage.name}")
            self.root.rename(self.stages[stage.name])
            self.root.mkdir()
            self.root.chmod(0o755)

    def _copy(self, words: list[str]) -> None:
        *sources, to = words
        for source in sources:
            target = self.at / to / (Path(source).name if to.endswith("/") else "")
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, target)

    def run(self, command: str) -> None:
        ran = subprocess.run(
            ["/bin/sh", "-c", self.moved(command)], cwd=self.at, env=self.variables, capture_output=True, text=True
        )
        assert ran.returncode == 0, f"{command}\n{ran.stdout}{ran.stderr}"

    def as_user(self, words: list[str], namespace: bool = False) -> list[str]:
        """Return a command that does what words say as the user of the image.

        The right to read stands for the base image, whose files everyone may read; to write is not among it.
        """
        words = [self.moved(word) for word in words]
        words[0] = shutil.which(words[0], path=self.variables["PATH"]) or words[0]
        if not _IS_ROOT:
            return words
        user = ["setpriv", "--reuid", _UID, "--regid", _UID, "--clear-groups"]
        user += ["--bounding-set", "-all,+dac_read_search", "--inh-caps", "-all,+dac_read_search"]
        user += ["--ambient-caps", "-all,+dac_read_search", "--no-new-privs", *words]
        return ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", *user] if namespace else user

    def done_by_user(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.as_user(list(words)), cwd=self.at, env=self.variables, capture_output=True, text=True, timeout=600
        )


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    """The recipe's steps, done; models are those of this machine, which is what a volume that holds them is."""
    root = Path(tempfile.mkdtemp(prefix="footnote-image-"))
    root.chmod(0o755)
    made = Image(root)
    try:
        # What pip would fetch: `python -m venv` leaves it as it is. That which builds has the tests' own packages.
        make_bare_environment(root / "opt" / "footnote")
        make_bare_environment(root / "opt" / "build", ["build", "hatchling"])
        made.do(BUILD)
        made.do(FINAL)
        models = Path(os.environ.get("RAG_MODELS", DATA_FOLDER / "models"))
        shutil.copytree(models / "all-minilm-l6-v2", root / "models" / "all-minilm-l6-v2")
        if _IS_ROOT:
            subprocess.run(["chown", "-R", f"{_UID}:{_UID}", str(root / "models")], check=True)
        write_files(root / "documents", LIBRARY)
        made.variables |= {"RAG_LLM": "none", "RAG_THREADS": "1", "HF_HUB_OFFLINE": "1", "TMPDIR": "/tmp"}
        yield made
    finally:
        for folder in (root, *made.stages.values()):
            shutil.rmtree(folder, ignore_errors=True)


_RECIPE = """FROM base AS build
WORKDIR /src
COPY LICENSE ./
RUN mkdir /opt && cp LICENSE /opt/made

FROM base
COPY --from=build /opt /opt
RUN test -f /opt/made && test ! -e /src
"""


@pytest.mark.parametrize(
    ("right", "broken"),
    [
        ("", ""),
        ("COPY LICENSE ./\n", ""),
        ("COPY LICENSE", "COPY LICENCE"),
        ("mkdir /opt && ", ""),
        ("COPY --from=build /opt /opt\n", ""),
        ("--from=build", "--from=built"),
        ("/opt /opt", "/opt/made /opt"),
        ("test ! -e /src", "test -e /src"),
        ("COPY LICENSE", "ADD LICENSE"),
    ],
)
def test_a_step_that_is_broken_is_told(tmp_path: Path, right: str, broken: str) -> None:
    (tmp_path / "Dockerfile").write_text(_RECIPE.replace(right, broken))
    image, stages = Image(tmp_path / "root"), read_dockerfile(tmp_path / "Dockerfile")
    image.root.mkdir()
    with pytest.raises((AssertionError, OSError, KeyError)) if right else nullcontext():
        for stage in stages:
            image.do(stage)


with_keys = pytest.mark.skipif(
    "keys" not in {group.name or group.typer_instance.info.name for group in app.registered_groups},  # type: ignore[union-attr]
    reason="there is no rag keys",
)
steps = [pytest.mark.slow, pytest.mark.model, pytest.mark.localhost]


class TestSteps:
    """What comes of the steps."""

    pytestmark = steps

    def test_the_program_is_in_the_image_and_not_that_of_the_checkout(self, image: Image) -> None:
        ran = image.done_by_user("python", "-P", "-c", "import os, rag; print(rag.__file__); print(os.getuid())")
        where, uid = ran.stdout.split()
        assert where.startswith(str(image.root / "opt" / "footnote"))
        assert not _IS_ROOT or uid == _UID

    def test_the_user_reads_documents_and_writes_only_in_the_volumes(self, image: Image) -> None:
        ran = image.done_by_user("rag", "ingest", str(image.root / "documents"), "--index", "library")
        assert ran.returncode == 0, ran.stderr
        assert (image.root / "data" / "indexes" / "library" / "catalog.sqlite").exists()
        asked = image.done_by_user("rag", "ask", "How long is the bridge?", "--index", "library", "--json")
        assert "412 metres" in json.loads(asked.stdout)["answer"]
        touched = image.done_by_user("sh", "-c", "touch /opt/footnote/bin/rag.new || exit 7")
        assert not _IS_ROOT or touched.returncode == 7

    @with_keys
    def test_nothing_is_served_to_others_without_a_key(self, image: Image) -> None:
        """The recipe's own command, before there is any key, ends with a sentence that says what to do."""
        entry, command = FINAL.last("ENTRYPOINT").words, FINAL.last("CMD").words
        ran = image.done_by_user(*entry, *command, "--port", str(free_port()))
        assert ran.returncode == 2
        assert "rag keys add" in ran.stderr

    @with_keys
    def test_it_serves_is_well_and_ends_at_sigterm(self, image: Image) -> None:
        made = image.done_by_user("rag", "keys", "add", "test", "--scope", "read", "--index", "library")
        assert made.returncode == 0, made.stderr
        command = [*FINAL.last("ENTRYPOINT").words, *FINAL.last("CMD").words]
        self.serve(image, command, "healthz")

    def test_the_chat_of_compose_does_so_too(self, image: Image) -> None:
        users = image.root / "data" / "users.json"
        from rag.hosting.users import add_user

        add_user(users, "anna", lambda _: "a long password")
        if _IS_ROOT:
            os.chown(users, int(_UID), int(_UID))
        self.serve(image, ["rag", *COMPOSE["services"]["chat"]["command"]], "health")

    def serve(self, image: Image, command: list[str], path: str) -> None:
        """Start a command as the image's first process; be asked how it is as the daemon asks; and stop it so."""
        port = free_port()
        log = image.root / "log.txt"
        # Asked before it serves, it is not well.
        image.variables["HEALTH"] = f"{port}/{path}"
        check = json.loads(FINAL.last("HEALTHCHECK").value.removeprefix("CMD "))
        assert image.done_by_user(*check).returncode != 0
        with log.open("w") as written:
            process = subprocess.Popen(
                image.as_user([*command, "--port", str(port)], namespace=True),
                cwd=image.at,
                env=image.variables,
                stdout=written,
                stderr=written,
            )
        try:
            address = f"http://127.0.0.1:{port}/{path}"
            wait_until(lambda: process.poll() is not None or status_of(address) == 200)
            assert process.poll() is None, log.read_text()
            assert image.done_by_user(*check).returncode == 0
            first = process.pid
            if _IS_ROOT:
                first = int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])
                assert f"\nNSpid:\t{first}\t1\n" in Path(f"/proc/{first}/status").read_text()
            os.kill(first, signal.SIGTERM)
            assert process.wait(SECONDS) in (0, 128 + signal.SIGTERM), log.read_text()
        finally:
            process.kill()
            process.wait()

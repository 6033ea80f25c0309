"""Belfry's own Java: compiled once for each version of its source, with Elasticsearch's modules beside it.

launcher.jar                   the servers' main classes
modules/transport-netty4/      Elasticsearch's HTTP, from jars
modules/language-analysers/    Belfry's own module
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from functools import cache as cached
from pathlib import Path

from belfry.stack.coordinates import Jar, jars, version_of
from belfry.stack.layout import Cache
from belfry.stack.runtime import java
from schemas.errors import StackError

SOURCES = Path(__file__).parent / "java"
_LAUNCHER = "belfry/stack"
_MODULE = "belfry/analysis"
_NETTY = ("transport-netty4", "org.elasticsearch.transport.netty4.Netty4Plugin")
_ANALYSERS = ("language-analysers", "belfry.analysis.LanguageAnalysers")
_RELEASE = "21"
_SCRATCH = "new-"
_COMPILE_WITHIN_S = 120
_DATE = (2020, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Program:
    """The folder of one compiled version."""

    folder: Path

    @property
    def launcher(self) -> Path:
        """The jar with the main classes."""
        return self.folder / "launcher.jar"


@cached
def _key() -> str:
    """Changes with whatever the result depends on."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for source in sorted(SOURCES.iterdir()):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    for jar in (*jars("elasticsearch"), *jars("transport-netty4"), *jars("compiler"), *jars("kafka")):
        digest.update(jar.sha256.encode())
    return digest.hexdigest()[:16]


def program(cache: Cache) -> Program:
    """Where the present version is, or will be."""
    return Program(cache.programs / _key())


def is_compiled(cache: Cache) -> bool:
    """Whether the present version is there, whole."""
    return program(cache).launcher.is_file()


def compile_program(cache: Cache) -> Program:
    """Compile the present version unless it is there. One process at a time; it appears whole or not at all.

    Raises StackError where the compiler fails, OSError of the disk.
    """
    made = program(cache)
    if is_compiled(cache):
        return made
    cache.programs.mkdir(parents=True, exist_ok=True)
    for left in cache.programs.glob(f"{_SCRATCH}*"):  # of a compilation that was killed
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=cache.programs) as scratch:
        folder = Path(scratch)
        classes = folder / "classes"
        _compile(cache, classes)
        whole = folder / "program"
        _pack(classes / _LAUNCHER, classes, whole / "launcher.jar")
        analysers = _module(whole, *_ANALYSERS)
        _pack(classes / _MODULE, classes, analysers / "language-analysers.jar")
        netty = _module(whole, *_NETTY)
        for jar in jars("transport-netty4"):
            _link(cache.jars / jar.name, netty / jar.name)
        shutil.rmtree(made.folder, ignore_errors=True)
        whole.rename(made.folder)
    return made


def class_path(cache: Cache, *given: Jar) -> str:
    """The launcher and the jars as Java takes them. Raises StackError where the cache's path can't be written so."""
    if os.pathsep in str(cache.root):
        raise StackError(
            f"the cache's path {cache.root} holds a {os.pathsep!r}, which separates paths for Java",
            remedy="Set BELFRY_CACHE to another folder",
        )
    return os.pathsep.join(str(path) for path in (program(cache).launcher, *(cache.jars / jar.name for jar in given)))


def _compile(cache: Cache, classes: Path) -> None:
    [compiler] = jars("compiler")
    used = os.pathsep.join(str(cache.jars / jar.name) for jar in (*jars("elasticsearch"), *jars("kafka")))
    sources = [str(source) for source in sorted(SOURCES.glob("*.java"))]
    options = [f"-{_RELEASE}", "-proc:none", "-nowarn", "-cp", used, "-d", str(classes)]
    done = subprocess.run(
        [str(java()), "-XX:TieredStopAtLevel=1", "-jar", str(cache.jars / compiler.name), *options, *sources],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_COMPILE_WITHIN_S,
        check=False,
    )
    if done.returncode != 0:
        said = (done.stdout + done.stderr).decode("utf-8", "replace")[-2000:]
        raise StackError(f"the servers' launcher can't be compiled:\n{said}", remedy="Please report this")


def _pack(folder: Path, root: Path, jar: Path) -> None:
    """A jar of the classes in `folder`, named as from `root`; always the same bytes for the same classes."""
    jar.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(jar, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.glob("*.class")):
            archive.writestr(zipfile.ZipInfo(str(file.relative_to(root)), _DATE), file.read_bytes())


def _module(program: Path, name: str, main: str) -> Path:
    folder = program / "modules" / name
    folder.mkdir(parents=True)
    template = (SOURCES / "plugin-descriptor.properties").read_text(encoding="utf-8")
    version = version_of("org.elasticsearch", "elasticsearch")
    (folder / "plugin-descriptor.properties").write_text(
        template.format(name=name, main=main, elasticsearch=version), encoding="utf-8"
    )
    return folder


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)

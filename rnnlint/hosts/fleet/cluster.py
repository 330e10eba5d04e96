"""How does the command check a fleet on Apache Spark? It starts a session, and lets Spark read and write."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rnnlint.settings import Settings, SettingsError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_NAMES = {"repo": "repo", "path": "path", "content": "content"}


def run(
    sources: Sequence[str], given: Mapping[str, str], settings: Settings, master: str, findings: str, errors: str
) -> tuple[int, int]:
    """Check the sources that Spark reads and write two Parquet folders; return the numbers of findings and errors.

    ``given`` are the columns that the user named. Raises SettingsError if that fails.
    """
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise SettingsError("--spark needs Java: install one, or set JAVA_HOME")
    try:
        import pyspark
    except ImportError:
        raise SettingsError("--spark needs pyspark: pip install 'rnnlint[spark]'") from None
    if int(pyspark.__version__.split(".")[0]) < 4:
        raise SettingsError(f"--spark needs pyspark 4, but {pyspark.__version__} is installed")
    # Local workers use the environment of this process; a cluster defines its own.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        session = _session(master)
        try:
            return _written(session, sources, given, settings, findings, errors)
        finally:
            session.stop()
    except (PySparkException, Py4JError) as error:
        raise SettingsError(f"Spark: {_reason(error)}") from None


def _session(master: str) -> SparkSession:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("rnnlint fleet").master(master)
    # Settings from a cluster's configuration or SPARK_CONF_DIR stay.
    session = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _written(
    session: SparkSession,
    sources: Sequence[str],
    given: Mapping[str, str],
    settings: Settings,
    findings: str,
    errors: str,
) -> tuple[int, int]:
    from pyspark import StorageLevel

    from rnnlint.hosts import spark
    from rnnlint.hosts.fleet.columns import chosen

    files = session.read.parquet(*sources)
    columns = chosen(files.columns, {**_NAMES, **given}, given, sources[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        both = spark.checked(files, columns.get("repo"), columns["path"], columns["content"], settings)
    # Both outputs come from one check of each file. The results of a lost worker are computed again.
    both = both.persist(StorageLevel.DISK_ONLY)
    # Spark refuses to write to an existing folder.
    spark.findings_in(both).write.parquet(findings)
    spark.errors_in(both).write.parquet(errors)
    return session.read.parquet(findings).count(), session.read.parquet(errors).count()


def _reason(error: Exception) -> str:
    """The first line of Spark's error, without its stack trace."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return lines[0][:300] if lines else type(error).__name__

